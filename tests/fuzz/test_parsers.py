"""Whatever is fed to a parser, it answers in time, and says no in its one documented way."""

import time

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.effort import examples
from tests.fuzz.parsers import PARSERS
from tests.fuzz.seeds import CORPUS, fed, seeds

TOO_LONG = 1.0  # seconds of this thread's own time, for at most some 20,000 characters


def feed(name, text):
    parser = PARSERS[name]
    began = time.thread_time()
    try:
        parser.parse(text)
    except Exception as error:
        if parser.refusing is None or not isinstance(error, parser.refusing):
            raise
    assert time.thread_time() - began < TOO_LONG


def test_every_parser_has_a_corpus_and_every_corpus_a_parser():
    assert {file.stem for file in CORPUS.glob("*.jsonl")} == set(PARSERS)


@pytest.mark.parametrize("name", PARSERS)
def test_the_corpus(name):
    for text in seeds(name):
        feed(name, text)


@pytest.mark.hypothesis
@pytest.mark.parametrize("name", PARSERS)
def test_anything(name):
    @settings(max_examples=examples(400), deadline=None, suppress_health_check=list(HealthCheck))
    @given(fed(name))
    def answered(text):
        feed(name, text)

    answered()
