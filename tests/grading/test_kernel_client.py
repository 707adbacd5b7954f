"""What a kernel can send to the grader, and what goes nowhere."""

import time

import pytest
import zmq

from quizlib.grading.execution.kernel_client import ListeningClient

CHANNELS = ("shell", "stdin", "control")


@pytest.fixture
def kernel():
    """The ends of a kernel that can say at once whether anybody is connected to them."""
    with zmq.Context() as context:
        ends = {channel: context.socket(zmq.ROUTER) for channel in CHANNELS}
        for end in ends.values():
            end.router_mandatory, end.linger = 1, 0
        yield ends
        for end in ends.values():
            end.close()


def is_reached(end, client):
    try:
        end.send_multipart([client.session.bsession, b"x"])
    except zmq.ZMQError:
        return False
    return True


def test_nothing_is_connected_that_nobody_reads(kernel):
    ports = {f"{channel}_port": end.bind_to_random_port("tcp://127.0.0.1") for channel, end in kernel.items()}
    client = ListeningClient(**ports, iopub_port=1, hb_port=1)
    client.start_channels()
    try:
        over = time.monotonic() + 10
        while not is_reached(kernel["shell"], client) and time.monotonic() < over:
            time.sleep(0.01)
        assert {channel for channel, end in kernel.items() if is_reached(end, client)} == {"shell"}
        assert not client.allow_stdin
    finally:
        client.stop_channels()
