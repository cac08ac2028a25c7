"""Checks the host without the suite: .venv/bin/python -m unittest (from this directory)."""

import asyncio
import logging
import unittest
from decimal import Decimal

import host
from arcp import Envelope, pair_memory_transports
from ulid import ULID

logging.disable(logging.CRITICAL)
LEASE = {"tool.call": ["search"], "cost.budget": ["USD:0.30"]}


class Client:
    """The client's end of one session."""

    async def open(self, runtime, token="secret-1"):
        self.transport, far = pair_memory_transports()
        self.session = asyncio.create_task(runtime.accept(far))
        hello = {"client": {"name": "test", "version": "1"}, "auth": {"scheme": "bearer", "token": token}}
        await self.send("session.hello", hello | {"capabilities": {"features": ["agent_versions"]}})
        return await self.receive()

    async def send(self, kind, payload, **more):
        await self.transport.send({"arcp": "1.1", "id": str(ULID()), "type": kind, "payload": payload, **more})

    async def receive(self):
        wire = await asyncio.wait_for(self.transport.recv(), 5)
        Envelope.from_wire(wire)
        return wire

    async def run(self, *steps, lease=None, cancel_at=None):
        """Runs a script to its ending, and gives its events as (kind, body), and the ending."""
        job = {"agent": "conformance", "input": {"steps": list(steps)}, "lease_request": lease or {}}
        await self.send("job.submit", job)
        events = []
        while True:
            m = await self.receive()
            if m["type"] in ("job.result", "job.error", "session.error"):
                return events, m
            if m["type"] == "job.event":
                events.append((m["payload"]["kind"], m["payload"]["body"]))
                if m["payload"]["kind"] == cancel_at:
                    await self.send("job.cancel", {"reason": "test"}, job_id=m["job_id"])


def outcomes(events):
    """What each tool_result said: a code, or its result."""
    results = [body for kind, body in events if kind == "tool_result"]
    return [r["error"]["code"] if "error" in r else r["result"] for r in results]


class ScriptTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.runtime = host.new_runtime([("first", "secret-1"), ("second", "secret-2")])
        self.client = Client()
        self.welcome = await self.client.open(self.runtime)

    async def asyncTearDown(self):
        await self.client.transport.close()
        await self.client.session
        await self.runtime.close()

    async def test_lists_both_versions(self):
        agents = self.welcome["payload"]["capabilities"]["agents"]
        self.assertEqual(agents, [{"name": "conformance", "versions": ["1.0.0", "2.0.0"], "default": "2.0.0"}])

    async def test_abilities_name_every_op_that_works(self):
        events, _ = await self.client.run({"op": "abilities"})
        (said,) = outcomes(events)
        self.assertEqual((said["contract"], said["enforced_by"], said["writes"]), (1, "agent", "text"))
        self.assertNotIn("charge", said["ops"])
        for op in host.COMPOUND | {"return", "tool", "stream_write"}:
            self.assertIn(op, said["ops"])

    async def test_what_it_cannot_do_is_unsupported(self):
        events, end = await self.client.run({"op": "charge"}, {"op": "step"}, {"op": "return", "value": 1})
        said = [b["error"]["message"] for k, b in events if k == "tool_result"]
        self.assertEqual(said, ["unsupported: charge", "unsupported: step"])
        self.assertEqual(end["payload"]["result"], 1)

    async def test_a_refusal_is_caught_unless_fatal(self):
        denied = {"op": "tool", "name": "other", "call_id": "c"}
        script = [denied, {"op": "log", "message": "on"}, denied | {"fatal": True}]
        events, end = await self.client.run(*script, lease=LEASE)
        self.assertEqual(outcomes(events), ["PERMISSION_DENIED", "PERMISSION_DENIED"])
        self.assertEqual([k for k, _ in events], ["tool_call", "tool_result", "log", "tool_call", "tool_result"])
        self.assertEqual(end["payload"]["code"], "PERMISSION_DENIED")

    async def test_budget_is_the_packages_and_exact(self):
        cost = {"op": "metric", "name": "cost.search", "value": 0.1, "unit": "USD"}
        steps = [{"op": "repeat", "times": 2, "steps": [cost]}, {"op": "tool", "name": "search"}, cost]
        events, _ = await self.client.run(*steps, {"op": "counters"}, {"op": "tool", "name": "search"}, lease=LEASE)
        self.assertEqual(outcomes(events), [{"done": True}, {"USD": 0}, "BUDGET_EXHAUSTED"])

    async def test_counter_and_branch_stand_in_strings(self):
        inner = {"op": "repeat", "times": 2, "steps": [{"op": "log", "message": "${branch}.${i}"}]}
        events, _ = await self.client.run({"op": "parallel", "branches": 2, "steps": [inner]})
        self.assertEqual(sorted(b["message"] for _, b in events), ["0.0", "0.1", "1.0", "1.1"])

    async def test_return_ends_all_branches(self):
        stop = [{"op": "return", "value": "over"}, {"op": "log", "message": "never"}]
        events, end = await self.client.run({"op": "parallel", "branches": 1, "steps": stop}, stop[1])
        self.assertEqual((events, end["payload"]["result"]), ([], "over"))

    async def test_closing_the_stream_is_not_yet_the_ending(self):
        write, close = {"op": "stream_write", "text": "a€b", "piece": 2}, {"op": "stream_close"}
        events, end = await self.client.run({"op": "stream_open"}, write, close, {"op": "log", "message": "on"})
        chunks = [b for k, b in events if k == "result_chunk"]
        self.assertEqual([c["data"] for c in chunks], ["a", "€", "b", ""])
        self.assertEqual([c["more"] for c in chunks], [True, True, True, False])
        self.assertEqual(events[-1][0], "log")
        self.assertEqual((end["payload"]["result_id"], end["payload"]["result_size"]), (chunks[0]["result_id"], 5))

    async def test_an_abandoned_stream_has_no_last_chunk(self):
        write, abandon = {"op": "stream_write", "base64": "AA=="}, {"op": "stream_abandon"}
        events, _ = await self.client.run({"op": "stream_open"}, write, abandon)
        self.assertEqual([b["more"] for _, b in events], [True])

    async def test_cancel_reaches_the_agent(self):
        fatal, fail = {"op": "tool", "name": "no", "fatal": True}, {"op": "fail", "code": "TIMEOUT"}
        last = [fatal, {"op": "log", "message": "bye"}, fail]
        up, never = {"op": "status", "phase": "up"}, {"op": "log", "message": "never"}
        events, end = await self.client.run(up, {"op": "await_cancel", "steps": last}, never, cancel_at="status")
        self.assertEqual([b["message"] for k, b in events if k == "log"], ["bye"])
        self.assertEqual(end["payload"]["final_status"], "cancelled")

    async def test_a_crash_leaves_the_host_alive(self):
        _, end = await self.client.run({"op": "crash", "message": "boom"})
        self.assertEqual(end["payload"]["code"], "INTERNAL_ERROR")
        panic = {"agent": "conformance", "input": {"steps": [{"op": "crash", "how": "panic"}]}}
        await self.client.send("job.submit", panic)
        self.assertEqual((await self.client.receive())["type"], "job.accepted")
        _, end = await self.client.run({"op": "return", "value": "alive"})
        self.assertEqual(end["payload"]["result"], "alive")

    async def test_fail_is_the_error_named(self):
        fail = {"op": "fail", "code": "AGENT_NOT_AVAILABLE", "message": "m", "retryable": True}
        _, end = await self.client.run(fail)
        self.assertEqual([end["payload"][k] for k in ("code", "message", "retryable")], ["AGENT_NOT_AVAILABLE", "m", True])

    async def test_a_wrong_token_opens_nothing(self):
        self.assertEqual((await Client().open(self.runtime, "wrong"))["payload"]["code"], "UNAUTHENTICATED")


class ValuesTest(unittest.TestCase):
    def test_numbers_keep_their_digits(self):
        self.assertEqual(host.exact({"value": 4.4999999999999993e-07})["value"], Decimal("4.4999999999999993E-7"))
        self.assertEqual(host.exact({"value": "0.10"})["value"], "0.10")
        self.assertEqual(host.number(Decimal("0.1")), 0.1)
        self.assertEqual(host.number(Decimal("0.29999955000000000000007")), "0.29999955000000000000007")

    def test_pieces(self):
        self.assertEqual(list(host.pieces(b"abc", 2, 4)), [b"abca", b"bc"])
        self.assertEqual(list(host.pieces("a😀", 2, 1)), ["a", "😀", "a", "😀"])
        self.assertEqual(list(host.pieces("ab", 2, None)), ["abab"])

    def test_generated_bytes(self):
        self.assertEqual(host.content({"generate": {"seed": "a", "size": 3}}).hex(), "0ed32d")
        self.assertEqual(len(host.content({"generate": {"seed": "a", "size": 1000}})), 1000)


if __name__ == "__main__":
    unittest.main()
