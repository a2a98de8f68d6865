"""The container files, read: no engine may be there to run them."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml
from celery.bin.beat import beat
from celery.bin.worker import worker

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = sorted(SERVICES.keys() - {"prepare"})  # `prepare` ends by itself
PINNED = re.compile(r".+:\d+\.\d+(\.\d+)?(-[a-z-]+)?$")


def stages() -> dict[str, str]:
    """Return the text of each stage of the Dockerfile by its name."""
    parts = re.split(r"^FROM \S+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def user_of(service: dict[str, Any]) -> str:
    if "user" in service:
        return str(service["user"])
    (user,) = re.findall(r"^USER (\S+)$", stages()[service["build"]["target"]], flags=re.MULTILINE)
    return str(user)


def test_the_services_are_those_of_the_embedded_stack_and_a_proxy() -> None:
    assert LASTING == ["beat", "postgres", "proxy", "valkey", "web", "worker"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_without_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert user_of(service).split(":")[0] not in {"0", "root", ""}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", LASTING)
def test_a_lasting_service_is_watched_and_started_again(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_every_image_is_pinned() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    images = [service["image"] for service in SERVICES.values()]
    assert [image for image in bases + images if not PINNED.fullmatch(image)] == []


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_data_lives_in_named_volumes() -> None:
    kept = {name: service["volumes"] for name, service in SERVICES.items() if "volumes" in service}
    assert kept == {
        "web": ["media:/app/var/media"],
        "worker": ["media:/app/var/media"],
        "postgres": ["postgres:/var/lib/postgresql"],
        "valkey": ["valkey:/data"],
        "proxy": ["caddy:/data"],
    }
    assert COMPOSE["volumes"].keys() == {"postgres", "valkey", "media", "caddy"}


def test_no_secret_has_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    for name, instead in re.findall(r"(?<!\$)\$\{(\w+)(.*?)\}", text):
        assert instead.startswith(":?"), f"{name} must be refused when it is missing"
    example = dict(
        line.split("=", 1) for line in (DEPLOY / "env.example").read_text().splitlines() if line[:1].isupper()
    )
    secrets = {"SECRET_KEY", "INDEX_KEY", "FIELD_KEYS", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"}
    assert {name: example[name] for name in secrets} == dict.fromkeys(secrets, "")
    assert {"SITE_HOST", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL"} <= example.keys()


def test_commands_and_checks_name_modules_that_exist() -> None:
    modules = set()
    for service in SERVICES.values():
        for command in (service.get("command", []), service.get("healthcheck", {}).get("test", [])):
            words = [str(word) for word in command]
            modules |= {
                words[i + 2] for i, word in enumerate(words) if word == "python" and words[i + 1] == "-m"
            }
            modules |= {words[i + 1] for i, word in enumerate(words) if word == "-A"}
    assert modules == {"deploy.prepare", "deploy.health", "backend.config.celery"}
    assert [module for module in modules if find_spec(module) is None] == []


@pytest.mark.parametrize(("name", "command"), [("worker", worker), ("beat", beat)])
def test_celery_knows_the_options_it_is_given(name: str, command: Any) -> None:
    known = {option for parameter in command.params for option in parameter.opts}
    given = {word.split("=")[0] for word in SERVICES[name]["command"][4:]}
    assert given <= known


def test_uvicorn_knows_the_options_it_is_given() -> None:
    (command,) = re.findall(r"^CMD (\[.*?\])", stages()["product"], flags=re.MULTILINE | re.DOTALL)
    uvicorn_command: Any = uvicorn.main
    words = json.loads(command.replace("\\\n", ""))
    options = uvicorn_command.make_context("uvicorn", words[1:]).params
    assert (options["app"], options["workers"], options["port"]) == (
        "backend.config.asgi:application",
        2,
        8000,
    )
    assert find_spec(options["app"].partition(":")[0])


def test_the_image_is_built_from_the_hashed_lock() -> None:
    assert DOCKERFILE.count("--require-hashes") == 2
    assert "requirements-dev.lock" not in DOCKERFILE


def test_the_proxy_passes_on_to_the_pages_and_hides_what_is_the_operators() -> None:
    caddyfile = (DEPLOY / "Caddyfile").read_text()
    assert "reverse_proxy web:8000" in caddyfile
    assert "header_up X-Forwarded-For {remote_host}" in caddyfile
    assert "respond /readyz 404" in caddyfile
    assert caddyfile.count("{") == caddyfile.count("}")
