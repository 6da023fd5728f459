"""Others' text on a terminal: their names, and their connections."""

import socket
import struct
import time
from threading import Thread

import pytest

from entrada.cli.tokens.at_hand import called
from entrada.cli.tokens.identity_endpoint import _Handler as EndpointHandler
from entrada.cli.tokens.identity_endpoint import _Server as EndpointServer
from entrada.cli.unseen import masked, one_line, spelled_out, spelled_out_in_json
from entrada.client.interactive.loopback import listening
from entrada.client.tokens import Account

WRITTEN = "a\x1b[2J\u202eb\u061c\u2028\x85\u200f\x7f"


def test_nothing_unseen_is_left():
    assert one_line(f"{WRITTEN}\n\tc") == "a?[2J?b????? c"
    assert masked(WRITTEN) == "a?[2J?b?????"
    assert spelled_out(WRITTEN) == r"a\u001b[2J\u202eb\u061c\u2028\u0085\u200f\u007f"
    assert spelled_out_in_json("\n\u202e") == "\n\\u202e"
    assert len(one_line("a" * 5000)) == 1001


def test_an_account_may_have_chosen_its_name():
    account = Account(issuer="https://i.example", tenant_id="", user_id="1", username="ada\x1b]0;owned\x07\nSigned out")
    assert called(account) == "ada?]0;owned? Signed out"


def reset(port: int) -> None:
    """As whoever looks for open ports does."""
    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(b"GET / HTTP/1.1\r\n")
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_who_breaks_off_leaves_no_trace_where_a_sign_in_is_awaited(capfd: pytest.CaptureFixture[str]):
    receiver = listening()
    receiver.start("state")
    try:
        reset(int(receiver.redirect_uri.rpartition(":")[2]))
        time.sleep(0.5)
    finally:
        receiver.close()
    assert capfd.readouterr().err == ""


def test_nor_where_a_program_asks_for_tokens(capfd: pytest.CaptureFixture[str]):
    server = EndpointServer(("127.0.0.1", 0), EndpointHandler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        reset(server.server_port)
        time.sleep(0.5)
    finally:
        server.shutdown()
        server.server_close()
    assert capfd.readouterr().err == ""
