"""The SPEC that is nearest to a recording, and its deviation, on the terminal."""

from game.cli.language import say
from net.link.recording import LinkRecording
from net.link.spec import format_link

__all__ = ["print_fit"]


def print_fit(recording: LinkRecording) -> None:
    """Print the SPEC alone on the first line, to be copied into a command; then the deviation."""
    # Imported here: it takes a second, and only --fit needs it.
    from game.lab.record.fit import DirectionFit, fit_link, loss_interval

    def print_direction(name: str, fit: DirectionFit) -> None:
        summary = fit.summary
        low, high = (100 * ratio for ratio in loss_interval(summary))
        distance = 100 * fit.delay_distance
        print(say(f"{name}: delays differ for at most {distance:.0f}% of the probes"))
        text = (
            f"{name}: {100 * summary.loss_ratio:.2f}% lost (95%: {low:.2f} to {high:.2f}%), "
            f"longest hole {summary.longest_hole_s * 1000:.0f} ms"
        )
        print(say(text))

    fitted = fit_link(recording)
    print(format_link(fitted.link))
    for name, fit in (("up", fitted.up), ("down", fitted.down)):
        if fit.summary.probes:
            print_direction(name, fit)
    print(say("burst is for 60 packets a second; a SPEC has no holes and no changes in time"))
    if recording.up.rate_bps or recording.down.rate_bps:
        print(say("rate is the mean of the recorded ones"))
    else:
        print(say("the rate is not known: light traffic never filled the path"))
