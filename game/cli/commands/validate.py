"""``jitterball validate``: a run over the modelled link beside a run over a kernel link."""

from typing import Annotated

import typer
from rich import box
from rich.table import Table

from game.cli.commands.measure import SECONDS_MAX, TransportsOption, measure_kernel, measure_model
from game.cli.errors import CliError, ExitCode
from game.cli.options.link import LinkSpec, chosen_seed
from game.cli.options.numbers import Seed, number_option
from game.cli.options.server_choice import chosen_names
from game.cli.options.transports import chosen_transports
from game.cli.terminal.tables import print_table
from game.lab.measure.measurement import MeasurementSettings, NamedLink
from game.lab.measure.results import Results
from game.lab.measure.validation import compare_runs
from game.protocol.snapshot_rate import DEFAULT_SNAPSHOT_HZ
from game.server.local import LOOPBACK
from net.link.kernel.namespaces import KernelLinkUnavailable, check_kernel_link
from net.link.presets import PRESETS
from net.link.spec import format_link
from net.transport import Address

DEFAULT_LINK = PRESETS["lossy"]
DEFAULT_TRANSPORTS = "tcp,udp"
_BOTS = 5


def validate(
    transports: TransportsOption = DEFAULT_TRANSPORTS,
    link: LinkSpec = None,
    seconds: Annotated[float, number_option(5.0, SECONDS_MAX, "Time for each run.")] = 60.0,
    seed: Seed = None,
) -> None:
    """Check the modelled link against the Linux kernel's own TCP.

    Linux with root only. Exit code 0 if all statistics agree, 1 if one does not.
    """
    try:
        check_kernel_link()
    except KernelLinkUnavailable as missing:
        raise CliError(str(missing)) from missing
    chosen = chosen_transports(chosen_names(transports))
    emulated = link or DEFAULT_LINK
    named = NamedLink(format_link(emulated), emulated)
    settings = MeasurementSettings(
        address=Address(LOOPBACK, 0),
        host="",
        is_local=True,
        names=tuple(chosen),
        links=(named,),
        seconds=seconds,
        seed=chosen_seed(seed),
        bots=_BOTS,
        snapshot_hz=DEFAULT_SNAPSHOT_HZ,
    )
    model = measure_model(chosen, settings)
    kernel = model if model.was_interrupted else measure_kernel(chosen, settings)
    if not (model.is_complete and kernel.is_complete):
        raise CliError("not every run gave data", ExitCode.INCOMPLETE)
    if not _print_checks(model.results(), kernel.results()):
        raise typer.Exit(ExitCode.INCOMPLETE)


def _print_checks(model: Results, kernel: Results) -> bool:
    """Print a row for each statistic; return whether all agree."""
    table = Table(
        title=f"link {model.runs[0].link}, {model.seconds:g} s each, seed {model.seed}",
        box=box.SIMPLE_HEAD,
    )
    for heading in ("transport", "statistic"):
        table.add_column(heading)
    for heading in ("model", "kernel", "tolerance"):
        table.add_column(heading, justify="right")
    table.add_column("result")
    all_agree = True
    for of_model, of_kernel in zip(model.runs, kernel.runs, strict=True):
        for check in compare_runs(of_model, of_kernel):
            all_agree &= check.agrees
            numbers = [f"{n:.3g}" for n in (check.model, check.kernel, check.allowed)]
            table.add_row(of_model.transport, check.statistic, *numbers, check.result)
        table.add_section()
    print_table(table, names=2)
    return all_agree
