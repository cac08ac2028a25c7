Feature: §6.2 Hello and welcome
  A hello gets a welcome that names the session, the runtime, the agents and the features. What both lists name may be
  used, and nothing else.

  @arcp-6.2-01 @must @R6.2-1
  Scenario: The welcome has all that the draft shows
    Given a session "A"
    Then the welcome of "A" is complete
    And a job of "A" still works

  @arcp-6.2-02 @must @R6.2-2 @feature:agent_versions
  Scenario: Each agent of the welcome has a name, versions, and a default among them
    Given a session "A"
    Then the agents that "A" was told are well described
    And a job of "A" still works

  @arcp-6.2-03 @must @R6.2-6
  Scenario: Names of features that nobody defined are passed over
    Given a connection "A" without a hello
    When "A" says hello with the members {"capabilities": {"encodings": ["json"], "features": ["x-teleport-7f3a", "heartbeat", "", "ack", "HEARTBEAT", "list_jobs", "subscribe", "lease_expires_at", "cost.budget", "cost.*", "model.use", "provisioned_credentials", "progress", "result_chunk", "agent_versions"]}}
    Then "A" is welcomed
    And the welcome of "A" does not offer "x-teleport-7f3a"
    And a job of "A" still works

  @arcp-6.2-04 @must @R6.2-3 @feature:progress
  Scenario: Without the feature progress there is no progress event
    Given a session "with"
    When "with" submits a job that does:
      """
      [{"op": "progress", "current": 1, "total": 2}, {"op": "return", "value": "done"}]
      """
    Then the job has emitted 1 "progress" event (R8.2-1)
    Given a session "without" with only the features "heartbeat, ack, list_jobs, subscribe, cost.budget, result_chunk, agent_versions"
    When "without" submits a job that does:
      """
      [{"op": "log", "message": "before"}, {"op": "progress", "current": 1, "total": 2}, {"op": "log", "message": "after"}]
      """
    Then the job ends in success (R7.3-1)
    And the job has emitted 2 "log" events (R8.2-1)
    And the job has emitted 0 "progress" events

  @arcp-6.2-05 @must @R6.2-3 @feature:result_chunk
  Scenario: Without the feature result_chunk there is no chunk
    Given a session "with"
    When "with" submits a job that does:
      """
      [{"op": "stream_open"}, {"op": "stream_write", "text": "streamed"}, {"op": "stream_close"}]
      """
    Then the job ends in success (R7.3-1)
    And the job has emitted some "result_chunk" events (R8.4-1)
    Given a session "without" with only the features "heartbeat, ack, list_jobs, subscribe, cost.budget, progress, agent_versions"
    When "without" submits a job that does:
      """
      [{"op": "log", "message": "before"}, {"op": "stream_open"}, {"op": "stream_write", "text": "streamed"}, {"op": "stream_close"}]
      """
    Then the job comes to an end
    And the job has emitted 1 "log" event (R8.2-1)
    And the job has emitted 0 "result_chunk" events
    And a job of "without" still works

  @arcp-6.2-06 @must @R6.2-4 @feature:cost.budget
  Scenario: A budget without the feature cost.budget is not dropped in silence
    Given a session "with"
    When "with" submits a job under the lease {"tool.call": ["*"], "cost.budget": ["USD:1.00"]} that does:
      """
      [{"op": "metric", "name": "cost.inference", "value": 1.00, "unit": "USD"}, {"op": "tool", "name": "search", "call_id": "c1"}]
      """
    Then the call "c1" is refused with BUDGET_EXHAUSTED (R9.6-6)
    Given a session "without" with only the features "heartbeat, ack, list_jobs, subscribe, progress, result_chunk, agent_versions"
    When "without" submits a job under the lease {"tool.call": ["*"], "cost.budget": ["USD:1.00"]} that does:
      """
      [{"op": "metric", "name": "cost.inference", "value": 1.00, "unit": "USD"}, {"op": "tool", "name": "search", "call_id": "c1"}]
      """
    Then the budget of the job is refused, or enforced on the call "c1"
    And a job of "without" still works

  @arcp-6.2-07 @should @R6.2-4
  Scenario Outline: A message of a feature that was not agreed on: <type>
    Given a session "A" with only the features ""
    And a job of "A" works
    When "A" sends <type>, which need not be answered, with:
      """
      <payload>
      """
    Then the message of "A" is refused as one of a feature that was not agreed on
    And a job of "A" still works

    Examples:
      | type              | payload                                                      |
      | session.ping      | {"nonce": "p_unasked", "sent_at": "2026-05-13T19:42:13.000Z"} |
      | session.ack       | {"last_processed_seq": 0}                                    |
      | session.list_jobs | {}                                                           |
      | job.subscribe     | {"job_id": "${missing job}"}                                 |

  @arcp-6.2-08 @must @R6.2-7
  Scenario: A session is opened once
    Given a session "A"
    When "A" says hello
    Then "A" is not welcomed again
    And a job of "A" still works
    And every message that "A" received is a sound envelope

  @arcp-6.2-09 @must @R6.3-1 @R6.2-1 @shared
  Scenario: Every welcome brings a session and a resume token of its own
    Given a session "A"
    And a session "B"
    And a session "C"
    Then the sessions "A, B, C" have ids and resume tokens of their own
    And a job of "A" still works
    And a job of "B" still works
    And a job of "C" still works

  @arcp-6.2-10 @must @R6.2-3
  Scenario: An empty list of features opens a session that uses none
    Given a session "A" with only the features ""
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "plain"}, {"op": "return", "value": "plain"}]
      """
    Then the job has emitted a "log" event with {"message": "plain"} (R8.2-1)
    And the job has the result "plain" (R7.3-1)
    And "A" received no session.ping
    And the job has emitted 0 "progress" events
    And the job has emitted 0 "result_chunk" events

  @arcp-6.2-11 @must @R6.2-1
  Scenario: The hello of the draft, word for word
    Given a connection "A" without a hello
    When "A" sends session.hello with:
      """
      {
        "client": { "name": "examplectl", "version": "0.4.1" },
        "auth": { "scheme": "bearer", "token": "${token}" },
        "capabilities": {
          "encodings": ["json"],
          "features": [
            "heartbeat",
            "ack",
            "list_jobs",
            "subscribe",
            "lease_expires_at",
            "cost.budget",
            "model.use",
            "provisioned_credentials",
            "progress",
            "result_chunk",
            "agent_versions"
          ]
        }
      }
      """
    Then "A" is welcomed
    And the welcome of "A" is complete
    And a job of "A" still works

  @arcp-6.2-12 @may @R6.2-1
  Scenario Outline: A hello that says less than the draft shows: <what>
    Given a session "full"
    And a job of "full" works
    And a connection "A" without a hello
    When "A" says hello with the members <members>
    Then it is noted whether "A" is welcomed
    And a new session still works

    Examples:
      | what              | members                                |
      | no client         | {"client": null}                       |
      | no capabilities   | {"capabilities": null}                 |
      | no features       | {"capabilities": {"encodings": ["json"]}} |
      | no encodings      | {"capabilities": {"features": []}}     |
      | another encoding  | {"capabilities": {"encodings": ["cbor", "json"], "features": []}} |
