"""`python -m matching`: files in, files out. README.md beside this folder says which columns they have."""

import argparse
import sys
from collections.abc import Sequence

from matching.cli import learn, place, report, score, suggest
from matching.errors import MatchingError

VERBS = (suggest, learn, score, place, report)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the verb says: 0 done; 2 with one sentence on standard error; 130 when interrupted."""
    options = _parser().parse_args(arguments)
    try:
        print(options.run(options))
    except MatchingError as problem:
        print(problem, file=sys.stderr)
    except OSError as problem:
        print(f"{problem.filename}: cannot be read: {problem.strerror}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return 130
    else:
        return 0
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching", description=__doc__, allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, metavar="suggest|learn|score|place|report")
    for verb in VERBS:
        name = verb.__name__.rpartition(".")[2]
        described = (verb.__doc__ or "").partition(":")[2].strip().partition("\n")[0]
        own = verbs.add_parser(name, help=described, description=described, allow_abbrev=False)
        verb.add_options(own)
        own.add_argument("--progress", action="store_true", help="say each stage also where nobody watches")
        own.set_defaults(run=verb.run)
    return parser
