"""The command serves until it is told to end, or while a program runs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple

import click
import pytest
from click.shell_completion import ShellComplete

import shotcaller_emulator
from shotcaller_emulator import fal, heygen
from shotcaller_emulator.command import _in_a_row, _led
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.serving import serve
from shotcaller_emulator.vendors import TROUBLES, Wish, emulated

ASK = """
import json, os, sys, urllib.request
url = os.environ["SHOTCALLER_FAL_URL"] + "/fal-ai/veo3.1"
headers = {"Authorization": "Key " + os.environ["FAL_KEY"]}
body = json.dumps({"prompt": "a fox", "duration": "4s"}).encode()
try:
    said = urllib.request.urlopen(urllib.request.Request(url, body, headers))
    print(said.status)
except urllib.error.HTTPError as error:
    print(error.code)
except OSError as error:
    print("lost")
sys.exit(int(sys.argv[1]))
"""

ASK_HEYGEN = """
import json, os, urllib.request
url = os.environ["SHOTCALLER_HEYGEN_URL"] + "/v3/models/videos"
headers = {"X-Api-Key": os.environ["HEYGEN_API_KEY"]}
wish = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}
for _ in range(2):
    try:
        asked = urllib.request.Request(url, json.dumps(wish).encode(), headers)
        print(urllib.request.urlopen(asked).status)
    except urllib.error.HTTPError as error:
        print(error.code)
"""

NOTHING = (
    "0 jobs, 0 done; fal would have billed $0.00.\n"
    "0 jobs, 0 done; heygen would have billed $0.00.\n"
)
RUN = (
    "import sys; from shotcaller_emulator.command import emulate;"
    "sys.exit(emulate.main(sys.argv[1:], standalone_mode=False))"
)


@pytest.fixture
def cli() -> click.Group:
    group = click.Group("shotcaller")
    shotcaller_emulator.shotcaller_commands(cli=group)
    return group


class Ended(NamedTuple):
    """Is how the command ended: its code, or what it raised, and what was said."""

    code: object
    out: str
    err: str


@pytest.fixture
def emulate(
    cli: click.Group, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    def run(*arguments: str) -> Ended:
        code: object
        try:
            code = cli.main(["emulate", *arguments], standalone_mode=False)
        except click.ClickException as error:
            code = error.message
        said = capfd.readouterr()
        return Ended(code, said.out, said.err)

    return run


def python(*arguments: str) -> Sequence[str]:
    return ("--", sys.executable, "-c", *arguments)


def test_a_shell_can_be_led_to_it(emulate: Any) -> None:
    usual = emulate("--env")
    other = emulate("--env", "--port", "9000", "--host", "::1")

    assert usual.out == (
        "export SHOTCALLER_FAL_URL=http://127.0.0.1:8642\n"
        "export FAL_KEY=emulator:offline\n"
        "export SHOTCALLER_HEYGEN_URL=http://127.0.0.1:8643\n"
        "export HEYGEN_API_KEY=emulator-offline\n"
    )
    assert "export SHOTCALLER_FAL_URL='http://[::1]:9000'\n" in other.out
    assert "export SHOTCALLER_HEYGEN_URL='http://[::1]:9001'\n" in other.out


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.com", ""])
def test_it_serves_this_machine_only(emulate: Any, host: str) -> None:
    refused = emulate("--host", host)

    assert refused.code == (
        f"{host!r} is not this machine: the emulator takes any prompt and any file "
        "without a question, so it serves only 127.0.0.1, ::1 or localhost."
    )


def test_a_fault_that_nobody_knows_is_refused_with_all_names(emulate: Any) -> None:
    refused = emulate("--fault", "rain")

    known = ", ".join(TROUBLES)
    assert refused.code == f"'rain' is not known; known are {known}."


def test_the_shell_completes_the_names_of_faults(cli: click.Group) -> None:
    found = ShellComplete(cli, {}, "shotcaller", "_X").get_completions(
        ["emulate", "--fault"], "submit-4"
    )

    assert [(each.value, each.help) for each in found] == [
        ("submit-429", "429 without Retry-After; no job"),
        ("submit-429-retry-after", "429 with Retry-After: 1; no job"),
    ]


@pytest.mark.parametrize("code", [0, 3])
def test_a_program_is_led_to_it_and_ends_it(emulate: Any, code: int) -> None:
    done = emulate(*python(ASK, str(code)))

    assert done.code == code
    assert done.out == "200\n"
    there, here, *bills = done.err.splitlines()
    assert there.startswith("fal is emulated at http://127.0.0.1:")
    assert here.startswith("heygen is emulated at http://127.0.0.1:")
    assert bills == [
        "1 job, 0 done; fal would have billed $0.00.",
        "0 jobs, 0 done; heygen would have billed $0.00.",
    ]


def test_what_is_done_is_added_up(emulate: Any) -> None:
    twice = f"import time; exec({ASK!r}.replace('sys.exit', 'str')); time.sleep(0.3)"
    done = emulate("--speed", "1000", *python(f"{twice}\n{twice}", "0"))

    assert done.err.splitlines()[2] == ("2 jobs, 2 done; fal would have billed $3.20.")


def test_a_fault_comes_once(emulate: Any) -> None:
    twice = f"ask = {ASK!r}.replace('sys.exit', 'str'); exec(ask); exec(ask)"
    done = emulate("--fault", "submit-429", *python(twice, "0"))

    assert done.out == "429\n200\n"
    assert done.err.splitlines()[2].startswith("1 job, ")


def test_with_a_seed_faults_come_now_and_then(emulate: Any) -> None:
    often = f"ask = {ASK!r}.replace('sys.exit', 'str')\nfor _ in range(40): exec(ask)"
    said = []
    for _ in range(2):
        done = emulate("--seed", "1", "--fault", "submit-429", *python(often, "0"))
        said.append(done.out)

    assert said[0] == said[1]
    assert 0 < said[0].count("429") < 20


def test_with_a_seed_alone_anything_can_happen() -> None:
    made: Any = emulated(lambda film: None, Wish(seed=1))

    for name, module in {"fal": fal, "heygen": heygen}.items():
        known = made[name]._script._chance.known
        assert known == module.weather(2).known
        assert set(known) == {trouble.route for trouble in module.TROUBLES.values()}


def test_a_key_where_none_belongs_is_told(emulate: Any) -> None:
    leak = ASK.replace("/fal-ai/veo3.1", "/files/b/0/a").replace(", body,", ", None,")
    done = emulate(*python(leak, "0"))

    assert done.out == "404\n"
    assert done.err.splitlines()[2] == (
        "0 jobs, 0 done; fal would have billed $0.00; "
        "a key was sent to where none belongs, 1 times."
    )


def test_a_program_that_is_not_there_is_told(emulate: Any) -> None:
    done = emulate("--", "no-such-program")

    assert done.code == ("'no-such-program' cannot be run: No such file or directory.")


def test_a_program_is_led_to_heygen_as_well(emulate: Any) -> None:
    done = emulate("--fault", "heygen-submit-429", *python(ASK_HEYGEN))

    assert done.out == "429\n202\n"
    assert done.err.splitlines()[-1] == (
        "1 job, 0 done; heygen would have billed $0.00."
    )


def test_a_port_that_is_taken_is_told(emulate: Any) -> None:
    with serve(Fal(lambda film: None)) as server:
        port = server.url.rpartition(":")[2]
        done = emulate("--port", port)

    assert done.code.startswith(
        f"The emulator cannot listen on 127.0.0.1, port {port}: Address already in use"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("host", "option"), [("127.0.0.1", ""), ("::1", " --host ::1")]
)
def test_it_ends_when_it_is_told_to(
    number: signal.Signals, host: str, option: str
) -> None:
    command = [sys.executable, "-c", RUN, "--host", host, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        first, second = running.stderr.readline(), running.stderr.readline()
        running.send_signal(number)
        rest = running.stderr.read()

    address, _, port = first.rpartition(":")
    assert address in {
        f"fal is emulated at http://{host}",
        "fal is emulated at http://[::1]",
    }
    beside = address.replace("fal", "heygen")
    assert second == f"{beside}:{int(port) + 1}\n"
    led = f"shotcaller emulate --env{option} --port {int(port)}"
    assert rest == f'A shell is led to it by eval "$({led})"\n{NOTHING}'
    assert running.returncode == 0


def test_the_usual_port_needs_no_word() -> None:
    assert _led("http://127.0.0.1:8642") == 'eval "$(shotcaller emulate --env)"'


def test_a_program_is_told_to_end_as_well() -> None:
    wait = "import sys, time; print('up', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", RUN, *python(wait)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        running.terminate()
        _, said = running.communicate(timeout=60)

    assert running.returncode == 128 + signal.SIGTERM
    assert said.endswith(NOTHING)


def test_ctrl_c_is_the_programs_to_understand() -> None:
    wait = (
        "import signal, sys, time\n"
        "try:\n print('up', flush=True); time.sleep(60)\n"
        "except KeyboardInterrupt: print('enough'); sys.exit(7)"
    )
    command = [sys.executable, "-c", RUN, *python(wait)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        os.killpg(running.pid, signal.SIGINT)
        out, said = running.communicate(timeout=60)

    assert (running.returncode, out) == (7, "enough\n")
    assert said.endswith(NOTHING)


def test_the_plugin_loads_nothing_heavy() -> None:
    program = (
        "import sys, click, shotcaller_emulator as plugin;"
        "plugin.shotcaller_commands(cli=click.Group());"
        "print(*sorted({'aiohttp', 'av', 'numpy', 'jsonschema', 'asyncio',"
        " 'shotcaller_fal', 'shotcaller_animatic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert done.stdout == "\n"


def test_ports_that_have_no_free_neighbour_are_passed_over() -> None:
    """Where any port will do, the one after it must be free as well."""
    taken: list[socket.socket] = []
    true = socket.create_server

    def crowded(address: tuple[str, int], **more: Any) -> socket.socket:
        listener = true(address, **more)
        if address[1] == 0 and len(taken) < 2:
            neighbour = listener.getsockname()[1] + 1
            with suppress(OSError):
                taken.append(true((address[0], neighbour)))
        return listener

    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "create_server", crowded)
        urls = _in_a_row(stack, [Fal(lambda film: None)] * 2, "127.0.0.1", 0)
        used = {one.getsockname()[1] for one in taken}
        for one in taken:
            one.close()

    first, second = (int(url.rpartition(":")[2]) for url in urls)
    assert second == first + 1
    assert not used & {first, second}
