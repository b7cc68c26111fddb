"""Coverage-guided fuzzing of a decoder: ``python tests/fuzz/fuzz.py TARGET --seconds 600``.

Needs ``pip install atheris``. Input that makes a target raise is written to
``tests/fuzz/corpus/TARGET/``, where ``test_corpus.py`` replays it in every run of the suite.
"""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))


def main() -> None:
    """Run libFuzzer, which ends the process."""
    import atheris

    # Only imports inside this block are instrumented, and so measured for coverage.
    with atheris.instrument_imports(include=["net", "game", "plugins", "websockets"]):
        from tests.fuzz.seeds import seeds_of
        from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS), help="what to fuzz")
    parser.add_argument("--seconds", type=int, default=600, help="for how long")
    parser.add_argument("--seed", type=int, default=1, help="for libFuzzer")
    arguments = parser.parse_args()
    corpus = HERE / "corpus" / arguments.target
    corpus.mkdir(parents=True, exist_ok=True)
    options = [
        sys.argv[0],
        f"-max_total_time={arguments.seconds}",
        f"-seed={arguments.seed}",
        f"-artifact_prefix={corpus}/found-",
        "-max_len=65536",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    # The folder is not removed: libFuzzer writes into it, and ends the process.
    begin = Path(tempfile.mkdtemp(prefix=f"fuzz-{arguments.target}-"))
    for number, seed in enumerate(seeds_of(arguments.target)):
        (begin / f"seed-{number}").write_bytes(seed)
    atheris.Setup([*options, str(begin)], TARGETS[arguments.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
