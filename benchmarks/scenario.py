"""A story played, to the transitions that it contains done alone: the same acts on the same days, with no pass between.

Each act is one call, which first plays what is due on its case. A story adds its house, its passes, its messages
rendered and sent day by day, its refusals tried and its expectations compared.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from measure import Figure, duration

from jalon.interfaces.words import error_words, reason_words
from jalon.stories.playing import play
from jalon.stories.running import read_stories, story_files
from jalon.stories.sandbox import Sandbox, a_folder
from jalon.stories.story import Story
from jalon.stories.telling import Words

STORIES = Path(__file__).parent.parent / "tests" / "stories"
ROUNDS = 3
AT_MOST = 3.0


def measure() -> Iterator[Figure]:
    """Compare a shipped story with its acts alone, then with its acts and messages; medians of several rounds."""
    stories = [
        one for one in read_stories(story_files([STORIES])) if one.workflow.workflow == "rs_temporaire"
    ]
    spent: tuple[list[float], ...] = ([], [], [])
    words = Words(reason_words, error_words)
    with a_folder() as folder, Sandbox(Path(folder)) as sandbox:
        for turn in range(ROUNDS + 1):
            whole, (acts, messages) = _whole(sandbox, stories, words), _alone(sandbox, stories, words)
            if turn:  # the first warms up
                for kept, seconds in zip(spent, (whole, acts, acts + messages), strict=True):
                    kept.append(seconds / len(stories))
    whole, acts, both = map(statistics.median, spent)
    yield duration("a story played, to its acts done alone", (whole, acts), AT_MOST)
    yield duration("the same, to its acts and their messages sent at the end", (whole, both))


def _whole(sandbox: Sandbox, stories: list[Story], words: Words) -> float:
    begun = time.perf_counter()
    for story in stories:
        if play(sandbox, story, words).difference is not None:
            raise RuntimeError(f"{story.file} fails")
    return time.perf_counter() - begun


def _alone(sandbox: Sandbox, stories: list[Story], words: Words) -> tuple[float, float]:
    """Time the acts, then one pass that sends: no daily pass, no expectation, less the making of the house."""
    acts = messages = 0.0
    for story in stories:
        bare = replace(story, ticks="never", steps=tuple(replace(step, expected=()) for step in story.steps))
        begun = time.perf_counter()
        sandbox.begin(bare)
        made = time.perf_counter()
        if play(sandbox, bare, words).difference is not None:
            raise RuntimeError(f"{story.file} fails without its passes")
        done = time.perf_counter()
        sandbox.engine.tick()
        acts += (done - made) - (made - begun)
        messages += time.perf_counter() - done
    return acts, messages
