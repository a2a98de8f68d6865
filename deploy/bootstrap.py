"""What a fresh clone needs, by the system's own Python: .venv, locked packages, catalogues, static files.

Each stage is skipped while its inputs are unchanged. Standard library only, and no syntax that an older
Python 3 cannot read, so that it can say which Python is needed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCK = os.path.join(ROOT, "requirements-dev.lock")
INSTALLER = os.path.join(ROOT, "deploy", "uv.txt")


def main():
    check_python()
    os.makedirs(os.path.join(ROOT, "var"), exist_ok=True)
    with open(os.path.join(ROOT, "var", "setup.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once: the second waits and finds all done
        stage("virtual environment", "venv", base_python(), make_environment)
        stage("installer (uv)", "uv", digest(INSTALLER), install_uv)
        stage("packages", "packages", digest(LOCK), install_packages)
        stage("translations", "catalogues", state_of("backend/locale", ".po"), compile_catalogues)
        stage("static files", "static", digest(LOCK) + state_of("backend", "", "static"), collect_static)


def check_python():
    if sys.version_info < (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(
            "Python 3.11 or newer is needed, this is %s: try make PYTHON=python3.12, or install one." % found
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit("Python's venv module is missing: install it with apt-get install python3-venv.")


def stage(name, stamp, inputs, work):
    """Do `work` unless its stamp says that it was done with the same `inputs`."""
    stamp = os.path.join(VENV, ".done-" + stamp)
    try:
        with open(stamp) as file:
            if file.read() == inputs:
                return
    except OSError:
        pass
    print("  %s ..." % name, flush=True)
    started = time.monotonic()
    work()
    with open(stamp, "w") as file:
        file.write(inputs)
    print("  %s: %.1f s" % (name, time.monotonic() - started), flush=True)


def make_environment():
    """Make .venv anew; one of another Python, or half made, is removed first."""
    if os.path.exists(VENV):
        shutil.rmtree(VENV)
    run([sys.executable, "-m", "venv", VENV])


def install_uv():
    run(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            INSTALLER,
        ]
    )


def install_packages():
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    # Compiled now, so that the first start of five processes does not do it five times.
    run(
        [
            PYTHON,
            "-m",
            "uv",
            "pip",
            "sync",
            "--python",
            PYTHON,
            "--require-hashes",
            "--compile-bytecode",
            *quiet,
            LOCK,
        ]
    )


def compile_catalogues():
    run([PYTHON, "-m", "deploy.catalogues"])


def collect_static():
    # The command needs settings, not secrets: these values are used for nothing else.
    needed = {"SECRET_KEY": "unused", "FIELD_KEYS": "unused", "ALLOWED_HOSTS": "unused", "DEBUG": "0"}
    # Left out: the sidecar's second reader and the browsable API, which no page of ours uses.
    unused = ["--ignore=redoc", "--ignore=rest_framework"]
    run([PYTHON, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity=0"] + unused, needed)


def run(command, more=None):
    env = dict(os.environ, **(more or {}))
    for pip, uv in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if pip in env:  # somebody's own index serves both installers
            env.setdefault(uv, env[pip])
    if subprocess.call(command, cwd=ROOT, env=env):
        sys.exit("This step failed: %s" % " ".join(command))


def base_python():
    return "%s %s" % (os.path.realpath(sys.executable), sys.version)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def state_of(top, ending, inside=""):
    """Return a digest over names, sizes and times of the files below `top`."""
    found = []
    for folder, _, names in os.walk(os.path.join(ROOT, top)):
        if inside and inside not in folder.split(os.sep):
            continue
        for name in names:
            if name.endswith(ending):
                facts = os.stat(os.path.join(folder, name))
                found.append("%s/%s %d %d" % (folder, name, facts.st_size, facts.st_mtime_ns))
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()


if __name__ == "__main__":
    main()
