Feature: §8.1 Event envelope
  Each event has its session, its job, its number, and a payload of kind, ts and body.

  @arcp-8.1-01 @must @R8.1-1
  Scenario: Events of every kind have the envelope of events
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} that does:
      """
      [
        {"op": "log", "message": "one", "level": "warn"},
        {"op": "thought", "text": "two"},
        {"op": "status", "phase": "three"},
        {"op": "metric", "name": "rows", "value": 4},
        {"op": "tool", "name": "search", "args": {"q": "five"}, "call_id": "c5"},
        {"op": "return", "value": "done"}
      ]
      """
    Then the job ends in success
    And every event of the job is a sound event
    And the job has emitted a "log" event with {"message": "one"}
    And the job has emitted a "thought" event with {"text": "two"}
    And the job has emitted a "status" event with {"phase": "three"}
    And the job has emitted a "metric" event with {"name": "rows", "value": 4}
    And the job has emitted a "tool_call" event with {"call_id": "c5", "tool": "search"}
    And the call "c5" has a result

  @arcp-8.1-02 @must @R8.1-1
  Scenario Outline: The body of an event is an object: <kind>
    Given a session "A"
    When "A" submits a job that does:
      """
      [
        {"op": "raw", "kind": "<kind>", "body": <sound>},
        {"op": "raw", "kind": "<kind>", "body": "a string"},
        {"op": "raw", "kind": "<kind>", "body": ["a list"]},
        {"op": "raw", "kind": "<kind>", "body": 7},
        {"op": "return", "value": "done"}
      ]
      """
    Then the job comes to an end
    And the "<kind>" events of the job are:
      """
      [<sound>]
      """
    And every event of the job is a sound event

    Examples:
      | kind         | sound                                                 |
      | log          | {"level": "info", "message": "sound"}                 |
      | metric       | {"name": "sound", "value": 1}                         |
      | artifact_ref | {"uri": "file:///sound", "content_type": "text/plain"} |
