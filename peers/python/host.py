"""Hosts the scripted agent of conformance/script/README.md on the public package agentruntimecontrolprotocol.

Everything on the wire is the package's own: its runtime, its transports, its bearer tokens. This file gives it two
principals and one agent, and does the steps that the suite sends to that agent.

    host.py --port 0 --token first=secret-1 --token second=secret-2     prints its URL, then serves WebSocket
    host.py --stdio  --token first=secret-1                             serves one session on stdin and stdout
"""

import argparse
import asyncio
import base64
import contextlib
import dataclasses
import hashlib
import logging
import sys
from decimal import Decimal
from importlib.metadata import version

from arcp import (
    ARCPError,
    InternalError,
    InvalidRequestError,
    RuntimeInfo,
    StdioTransport,
    error_class_for,
    serve_websocket,
)
from arcp.runtime import ARCPRuntime, StaticBearerVerifier

PACKAGE = "agentruntimecontrolprotocol"
AGENT, VERSIONS, DEFAULT = "conformance", ("1.0.0", "2.0.0"), "2.0.0"

# Jobs that scenarios leave behind wait for a cancel that never comes, and hold their place. The package's default of
# 100 places would make the jobs of later scenarios stand still, and the package would be blamed for it.
PLACES = 100_000


class Panic(BaseException):
    """The hardest failure of an agent: what a panic in a native extension module raises, so not an Exception."""


class Ended(Exception):
    """A return step, on its way out of repeat and parallel."""

    def __init__(self, value):
        super().__init__()
        self.value = value


class LaterResult:
    """Stands in for the job of a stream, so that closing the stream is not yet the job's ending.

    In this package the writer's close() emits the last chunk and then job.result, but the script goes on after a
    stream_close. So that message is kept, and emitted when the script has ended.
    """

    def __init__(self, job):
        object.__setattr__(self, "job", job)
        object.__setattr__(self, "payload", None)

    def __getattr__(self, name):
        return getattr(self.job, name)

    def __setattr__(self, name, value):
        setattr(self.job, name, value)

    async def emit_result(self, payload):
        object.__setattr__(self, "payload", payload)


class Script:
    """One run of the scripted agent: a job's context, its open stream, and a method `op_NAME` for each op."""

    def __init__(self, ctx):
        self.ctx = ctx
        self.calls = 0
        self.stream = None  # the package's writer
        self.result_id = None  # of the newest stream, also when it was abandoned
        self.encoding = "utf8"
        self.later = None  # LaterResult of the newest stream

    async def run(self, steps):
        """Does the steps and gives the job's result; the package makes the ending of it."""
        value = None
        try:
            await self.do(steps, {})
        except Ended as end:
            value = end.value
        if self.later is not None and self.later.payload is not None and self.ctx.job.state == "running":
            # What close() would have done at once. The package then drops a value, since the job has its ending.
            await self.ctx.job.emit_result(self.later.payload)
        return value

    async def do(self, steps, names, dropping=False):
        for step in steps:
            await self.step(step, names, dropping)
            # No call of the package waits for anything, so an agent that never waits would starve every session.
            await asyncio.sleep(0)

    async def step(self, step, names, dropping):
        op = str(step.get("op"))
        method = getattr(self, f"op_{op}", None)
        if op in COMPOUND:  # the steps in them put in their own values
            await method(step, names, dropping)
            return
        step = put_in(step, names | ({"result_id": self.result_id} if self.result_id else {}))
        if dropping:
            step = step | {"fatal": False}
        try:
            if method is None:
                raise InvalidRequestError(f"unsupported: {op}")
            await method(step)
        except Ended:
            raise
        except Ending as end:
            raise end.error from None
        except Exception as refusal:
            if step.get("fatal"):
                raise
            if not dropping:
                await self.outcome(step, op, refusal)

    # -- outcomes ---------------------------------------------------------

    def call_id(self, step):
        if "call_id" in step:
            return step["call_id"]
        self.calls += 1
        return f"call_{self.calls}"

    async def outcome(self, step, tool, refusal):
        """Reports a refused step that is no operation."""
        call = self.call_id(step)
        await self.ctx.tool_call({"tool": tool, "args": {}, "call_id": call})
        await self.ctx.tool_result({"call_id": call, "error": error_body(refusal)})

    async def operation(self, step, tool, args, ask):
        """tool_call, then the question to the runtime, then tool_result."""
        call = self.call_id(step)
        await self.ctx.tool_call({"tool": tool, "args": args, "call_id": call})
        try:
            result = ask()
        except Exception as refusal:
            await self.ctx.tool_result({"call_id": call, "error": error_body(refusal)})
            if step.get("fatal"):
                raise Ending(refusal) from refusal
            return
        await self.ctx.tool_result({"call_id": call, "result": {"done": True} if result is None else result})

    # -- operations: the check is the package's ctx.authorize, which the agent has to call -----------------

    async def op_tool(self, step):
        name = need(step, "name")
        await self.operation(step, name, step.get("args", {}), lambda: self.ctx.authorize("tool.call", name))

    async def op_read(self, step):
        path = need(step, "path")
        await self.operation(step, "fs.read", {"path": path}, lambda: self.ctx.authorize("fs.read", path))

    async def op_write(self, step):
        path = need(step, "path")
        await self.operation(step, "fs.write", {"path": path}, lambda: self.ctx.authorize("fs.write", path))

    async def op_fetch(self, step):
        url = need(step, "url")
        await self.operation(step, "net.fetch", {"url": url}, lambda: self.ctx.authorize("net.fetch", url))

    async def op_model(self, step):
        name = need(step, "name")
        await self.operation(step, "model.use", {"model": name}, lambda: self.ctx.authorize_model(name))

    async def op_abilities(self, step):
        await self.operation(step, "abilities", {}, abilities)

    async def op_counters(self, step):
        await self.operation(step, "counters", {}, lambda: {c: number(v) for c, v in self.ctx.budget.items()})

    # -- events -----------------------------------------------------------

    async def op_log(self, step):
        await self.ctx.log(step.get("level", "info"), need(step, "message"))

    async def op_thought(self, step):
        await self.ctx.thought(need(step, "text"))

    async def op_status(self, step):
        await self.ctx.status(need(step, "phase"), step.get("message"))

    async def op_progress(self, step):
        await self.ctx.progress(need(step, "current"), **some(step, "total", "units", "message"))

    async def op_metric(self, step):
        await self.ctx.metric(exact(some(step, "name", "value", "unit", "dimensions")))

    async def op_artifact(self, step):
        # The package has no method for this kind; its funnel for all events takes any.
        await self.ctx.job.emit_event("artifact_ref", some(step, "uri", "content_type", "byte_size", "sha256"))

    async def op_raw(self, step):
        kind, body, ctx = need(step, "kind"), need(step, "body"), self.ctx
        whole = {"tool_call": ctx.tool_call, "tool_result": ctx.tool_result, "result_chunk": ctx.result_chunk}
        parts = {"log": ctx.log, "thought": ctx.thought, "status": ctx.status, "progress": ctx.progress}
        if not isinstance(body, dict):  # every method of the package that takes a body is declared to take a dict
            raise InvalidRequestError("unsupported: raw")
        if step.get("unchecked"):
            await ctx.job.emit_event(kind, body)
        elif kind == "metric":
            await ctx.metric(exact(body))
        elif kind in whole:
            await whole[kind](body)
        elif kind in parts:
            if not set(body) <= FIELDS[kind]:  # its method has no place for such a field
                raise InvalidRequestError("unsupported: raw")
            await parts[kind](**body)
        else:  # kinds that have no method of their own
            await ctx.job.emit_event(kind, body)

    # -- the streamed result ----------------------------------------------

    async def op_stream_open(self, step):
        self.encoding = step.get("encoding", "utf8")
        self.later = LaterResult(self.ctx.job)
        self.stream = dataclasses.replace(self.ctx, job=self.later).stream_result()
        self.result_id = self.stream.result_id

    async def op_stream_write(self, step):
        if self.stream is None:
            raise InvalidRequestError("no stream is open")
        data = content(step)
        text = None if self.encoding == "base64" else data.decode()
        for piece in pieces(data if text is None else text, step.get("times", 1), step.get("piece")):
            await self.stream.write(piece)
            await asyncio.sleep(0)

    async def op_stream_close(self, step):
        if self.stream is None:
            raise InvalidRequestError("no stream is open")
        await self.stream.close(summary=step.get("summary"))

    async def op_stream_abandon(self, _step):
        self.stream = self.later = None

    # -- control ----------------------------------------------------------

    async def op_repeat(self, step, names, dropping):
        for i in range(int(step.get("times", 1))):
            await self.do(step.get("steps", []), names | {"i": str(i)}, dropping)

    async def op_parallel(self, step, names, dropping):
        try:
            async with asyncio.TaskGroup() as group:
                for b in range(int(step.get("branches", 1))):
                    group.create_task(self.do(step.get("steps", []), names | {"branch": str(b)}, dropping))
        except BaseExceptionGroup as failures:
            raise first(failures) from None

    async def op_await_cancel(self, step, names, _dropping):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):  # whatever its steps come to, it ends as cancelled
                await self.do(step.get("steps", []), names, dropping=True)
            raise

    async def op_sleep(self, step):
        await asyncio.sleep(need(step, "ms") / 1000)

    async def op_crash(self, step):
        message = step.get("message", "the scripted agent crashed")
        raise Panic(message) if step.get("how") == "panic" else Ending(RuntimeError(message))

    async def op_fail(self, step):
        error = error_class_for(need(step, "code"))
        raise Ending(error(step.get("message", ""), retryable=step.get("retryable")))

    async def op_return(self, step):
        raise Ended(step.get("value"))


class Ending(Exception):
    """Carries an error that ends the job past the place where refusals are caught."""

    def __init__(self, error):
        super().__init__()
        self.error = error


COMPOUND = {"repeat", "parallel", "await_cancel"}
FIELDS = {
    "log": {"level", "message", "attributes"},
    "thought": {"text"},
    "status": {"phase", "message"},
    "progress": {"current", "total", "units", "message"},
}


def abilities():
    ops = sorted(name.removeprefix("op_") for name in dir(Script) if name.startswith("op_"))
    return {"contract": 1, "ops": ops, "enforced_by": "agent", "writes": "text"}


def error_body(refusal):
    """A refusal as a tool_result says it. What is no error of the package's own has no code: INTERNAL_ERROR."""
    error = refusal if isinstance(refusal, ARCPError) else InternalError(str(refusal))
    return {"code": error.code, "message": error.message, "retryable": error.retryable}


def need(step, field):
    if field not in step:
        raise InvalidRequestError(f"the step {step.get('op')} lacks {field}")
    return step[field]


def some(step, *fields):
    return {f: step[f] for f in fields if f in step}


def put_in(value, names):
    """Puts the values of ${i}, ${branch} and ${result_id} into every string of a step."""
    if isinstance(value, str):
        for name, text in names.items():
            value = value.replace("${" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {k: put_in(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [put_in(v, names) for v in value]
    return value


def exact(body):
    """The value of a metric as a decimal.

    The package's transports have made a binary float of the number before an agent sees it. Its shortest form has the
    script's digits again for up to 15 significant ones; what is longer than that, the package has lost.
    """
    if isinstance(body.get("value"), float):
        return body | {"value": Decimal(repr(body["value"]))}
    return body


def number(value):
    """A counter for the package's JSON writer, which knows no decimals: a number where that keeps every digit."""
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def content(step):
    """The bytes of a stream_write, once."""
    if "base64" in step:
        return base64.b64decode(step["base64"])
    if "generate" in step:
        seed, size = step["generate"]["seed"], step["generate"]["size"]
        blocks = (hashlib.sha256(f"{seed}:{i}".encode()).digest() for i in range(-(-size // 32)))
        return b"".join(blocks)[:size]
    return need(step, "text").encode()


def pieces(data, times, size):
    """Cuts the data, `times` times over, into pieces of at most size bytes. Text is cut between its characters."""
    whole = data * times
    if not size:
        yield whole
        return
    if isinstance(whole, bytes):
        yield from (whole[i : i + size] for i in range(0, len(whole), size))
        return
    piece, length = [], 0
    for character in whole:
        width = len(character.encode())
        if piece and length + width > size:
            yield "".join(piece)
            piece, length = [], 0
        piece.append(character)
        length += width
    if piece:
        yield "".join(piece)


def first(group):
    """The first failure in a group, however deep."""
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group


async def agent(value, ctx):
    steps = value.get("steps", []) if isinstance(value, dict) else []
    return await Script(ctx).run(steps)


def new_runtime(tokens):
    runtime = ARCPRuntime(
        runtime=RuntimeInfo(name=PACKAGE, version=version(PACKAGE)),
        bearer=StaticBearerVerifier({token: principal for principal, token in tokens}),
        max_concurrent_jobs=PLACES,
    )
    for v in VERSIONS:
        runtime.register_agent_version(AGENT, v, agent)
    runtime.set_default_agent_version(AGENT, DEFAULT)
    return runtime


async def serve(runtime, port):
    server = await serve_websocket(runtime.accept, host="127.0.0.1", port=port, path="/arcp")
    print(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/arcp", flush=True)
    await server.serve_forever()


async def serve_stdio(runtime):
    await runtime.accept(await StdioTransport.from_std_streams())
    await runtime.close()


def principal_and_token(text):
    principal, sep, token = text.partition("=")
    if not (principal and sep and token):
        raise argparse.ArgumentTypeError("write it as PRINCIPAL=TOKEN")
    return principal, token


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int, help="of the loopback interface; 0 takes a free one")
    where.add_argument("--stdio", action="store_true", help="one session on stdin and stdout")
    parser.add_argument("--token", action="append", required=True, type=principal_and_token, metavar="PRINCIPAL=TOKEN")
    parser.add_argument("--verbose", action="store_true", help="the package's log, on stderr")
    args = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO if args.verbose else logging.CRITICAL)
    runtime = new_runtime(args.token)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_stdio(runtime) if args.stdio else serve(runtime, args.port))


if __name__ == "__main__":
    main()
