"""`shopnow delivery send`: answers on their way to the senders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import UsageError
from shopnow.pipeline import Context, send_answers_of

if TYPE_CHECKING:
    from shopnow.kernel import Settings

_STATES = {"sent": "envoyée", "failed": "échec", "nothing to say": "rien à dire"}
_CHANNELS = {"email": "par courriel", "drop": "dans le dossier du vendeur"}


@click.command()
@click.argument("key", type=int, required=False)
@click.option("--again", is_flag=True, help="Although it was sent already (with KEY).")
@json_option
@with_settings
def send(settings: Settings, *, as_json: bool, key: int | None, again: bool) -> int:
    """Send the answer to delivery KEY where its source says; without KEY all that are due.

    Exit 1 when one of them could not be sent: it is tried again later.
    """
    if again and key is None:
        raise UsageError(
            "--again without a delivery", "Say which one: `delivery send KEY --again`."
        )
    open_existing(settings)
    with Context.open(settings) as context:
        sent = send_answers_of(context, key, again=again)

    def present() -> None:
        if not sent:
            click.echo("Aucune réponse à envoyer.")
        for one in sent:
            click.echo(
                f"Livraison {one.delivery_key} {_CHANNELS[one.channel]} : {_STATES[one.state]}"
            )
            if one.error:
                click.echo(f"  {one.error}\n  {one.hint}")

    show(sent, as_json, present)
    return 1 if any(one.state == "failed" for one in sent) else 0
