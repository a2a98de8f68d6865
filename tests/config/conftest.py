import pytest


@pytest.fixture
def towns(db: None) -> None:
    """The towns of the example, as `import_places` would leave them."""
    # Imported late: settings are read only after the stack of the tests has started.
    from tests.factories.example_towns import make_example_towns

    make_example_towns()
