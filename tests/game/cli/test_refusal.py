"""Words that say which end refused."""

from game.cli.refusal import refusal_text
from net.errors import ServerRejected, SessionRefused
from net.session.messages import RefusalReason


def test_the_server_refused_only_where_it_did():
    text = "the password is wrong"
    assert refusal_text(SessionRefused(RefusalReason.PASSWORD, text)) == (
        "the server refused: the password is wrong"
    )
    text = "this server does not know the password"
    assert refusal_text(ServerRejected(RefusalReason.PASSWORD, text)) == text
