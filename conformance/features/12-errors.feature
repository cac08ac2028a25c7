Feature: §12 Error taxonomy
  Errors have one of the fifteen codes, a message and retryable, and tell which request they answer.

  @arcp-12-01 @must @R12-1
  Scenario: Refusals of every kind have a code of the draft, a message and retryable
    Given a session "A"
    And a job of "A" works
    When "A" cancels a job that does not exist
    Then "A" is refused with JOB_NOT_FOUND (R7.4-3)
    When "A" submits a job with the members {"agent": "no-such-agent-7f3a"} that does:
      """
      []
      """
    Then the submit is refused with AGENT_NOT_AVAILABLE (R7.5-2)
    When "A" submits a job with the members {"agent": "${agent}", "lease_request": {"tool.call": 7}} that does:
      """
      []
      """
    Then the submit is refused with INVALID_REQUEST (R7.1-5)
    When "A" submits a job that does:
      """
      [{"op": "fail", "code": "PERMISSION_DENIED", "message": "not yours"}]
      """
    Then the job ends with the error PERMISSION_DENIED (R7.3-1)
    And every error that "A" received is complete

  @arcp-12-02 @must @R12-1
  Scenario: A refused login has a code of the draft, a message and retryable
    Given a session "good"
    And a job of "good" works
    And a connection "bad" without a hello
    When "bad" says hello with the members {"auth": {"scheme": "bearer", "token": "wrong-token-7f3a"}}
    Then "bad" is not let in
    And every error that "bad" received is complete, if there was one

  @arcp-12-03 @must @R12-2
  Scenario Outline: retryable of the codes that the draft settles is not the agent's to say: <code>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "working"}, {"op": "fail", "code": "<code>", "message": "no", "retryable": <said>}]
      """
    Then the job ends with the error <code> (R7.3-1)
    And the ending of the job says retryable <settled>
    And the job has emitted a "log" event with {"message": "working"} (R8.1-1)

    Examples:
      | code             | said  | settled |
      | BUDGET_EXHAUSTED | true  | false   |
      | BUDGET_EXHAUSTED | false | false   |
      | LEASE_EXPIRED    | true  | false   |
      | LEASE_EXPIRED    | false | false   |
      | INTERNAL_ERROR   | false | true    |
      | INTERNAL_ERROR   | true  | true    |

  @arcp-12-04 @must @R12-2 @feature:cost.budget
  Scenario: An exhausted budget is not retryable, in a tool_result as in an ending
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["*"], "cost.budget": ["USD:0.50"]} that does:
      """
      [
        {"op": "tool", "name": "search", "call_id": "c1"},
        {"op": "metric", "name": "cost.search", "value": 0.50, "unit": "USD"},
        {"op": "tool", "name": "search", "call_id": "c2"},
        {"op": "tool", "name": "search", "call_id": "c3", "fatal": true}
      ]
      """
    Then the call "c1" has a result (R9.6-7)
    And the call "c2" is refused with BUDGET_EXHAUSTED and retryable is false
    And the job ends with the error BUDGET_EXHAUSTED (R7.3-2)
    And the ending of the job says retryable false

  @arcp-12-05 @must @R12-2
  Scenario: A crash is retryable
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "working"}, {"op": "crash", "message": "no"}]
      """
    Then the job ends with the error INTERNAL_ERROR (R7.3-5)
    And the ending of the job says retryable true
    And the job has emitted a "log" event with {"message": "working"} (R8.1-1)

  @arcp-12-06 @should @R12-3
  Scenario: A refusal tells which request it refuses
    Given a session "A"
    And a job of "A" works
    When "A" cancels a job that does not exist
    Then "A" is refused with JOB_NOT_FOUND (R7.4-3)
    And the refusal of "A" names the request
    When "A" submits a job with the members {"agent": "no-such-agent-7f3a"} that does:
      """
      []
      """
    Then the submit is refused with AGENT_NOT_AVAILABLE (R7.5-2)
    And the refusal of the submit names the request
