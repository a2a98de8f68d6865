import pytest
from django.utils import translation

from backend.meetings.money import NotAnAmount, cents_of, currency_of, money


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("12,50", 1250),
        ("12.5", 1250),
        ("12", 1200),
        ("€ 12,50", 1250),
        ("12.50 EUR", 1250),
        ("12,50 Euro", 1250),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1 234,56", 123456),
        ("1.234", 123400),
        ("٣٫٢٠", 320),
    ],
)
def test_an_amount_is_read_as_it_is_written_anywhere(written: str, cents: int) -> None:
    assert cents_of(written) == cents


@pytest.mark.parametrize("written", ["", "abc", "-3", "1e5", "1,2,3", "=1+1", "NaN", "12,505,1", "9" * 30])
def test_what_is_no_amount_is_not_guessed(written: str) -> None:
    with pytest.raises(NotAnAmount):
        cents_of(written)


def test_money_is_what_is_paid_with_there() -> None:
    assert [currency_of(country) for country in ("DE", "CH", "gb", "", "XX")] == [
        *("EUR", "CHF", "GBP", "EUR", "EUR")
    ]
    with translation.override("de"):
        assert money(1250, "EUR").replace("\xa0", " ") == "12,50 €"
