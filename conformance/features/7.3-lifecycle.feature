Feature: §7.3 Lifecycle
  A job has one ending: success, error, cancelled or timed_out. After it the job is silent.

  @arcp-7.3-01 @must @R7.3-1
  Scenario Outline: A job that returns ends in success, with its value: <value>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "working"}, {"op": "return", "value": <value>}]
      """
    Then the job ends in success
    And the job has emitted a "log" event with {"message": "working"}
    And the job has the result <value>
    And every job of "A" has one ending and is silent after it

    Examples:
      | value                                               |
      | 42                                                  |
      | "text"                                              |
      | "ünïcödé ☃ 🚀 \u2028 end"                      |
      | true                                                |
      | false                                               |
      | 0                                                   |
      | 0.1                                                 |
      | 1.5e-7                                              |
      | 123456789012345                                     |
      | ""                                                  |
      | []                                                  |
      | {}                                                  |
      | [1, [2, {"three": null}], "4"]                      |
      | {"rows": [{"n": 1.25, "ok": true}], "next": null}   |

  @arcp-7.3-02 @must @R7.3-1
  Scenario Outline: A job that returns nothing ends in success without a result: <how>
    Given a session "A"
    When "A" submits a job that does:
      """
      <steps>
      """
    Then the job ends in success
    And the job has emitted a "log" event with {"message": "working"}
    And the job has no result
    And every job of "A" has one ending and is silent after it

    Examples:
      | how          | steps                                                                  |
      | null         | [{"op": "log", "message": "working"}, {"op": "return", "value": null}] |
      | no return    | [{"op": "log", "message": "working"}]                                  |

  @arcp-7.3-03 @must @R7.3-1 @R12-1
  Scenario Outline: A job that fails ends in the error of its agent: <code>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "working"}, {"op": "fail", "code": "<code>", "message": "it failed with <code>", "retryable": <retryable>}]
      """
    Then the job ends with the error <code>
    And the ending of the job says "it failed with <code>"
    And the job has emitted a "log" event with {"message": "working"}
    And every error that "A" received is complete
    And every job of "A" has one ending and is silent after it

    Examples:
      | code                   | retryable |
      | INVALID_REQUEST        | false     |
      | PERMISSION_DENIED      | false     |
      | JOB_NOT_FOUND          | true      |
      | AGENT_NOT_AVAILABLE    | true      |
      | LEASE_SUBSET_VIOLATION | false     |
      | BUDGET_EXHAUSTED       | false     |
      | LEASE_EXPIRED          | false     |
      | INTERNAL_ERROR         | true      |

  @arcp-7.3-04 @must @R7.3-5
  Scenario Outline: A crash costs the job that crashed, and nothing else: <how>
    Given a session "A"
    When "A" submits the job "bystander" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 400}, {"op": "return", "value": "unharmed"}]
      """
    And the job "bystander" is seen to emit a "log" event with {"message": "begun"}
    And "A" submits the job "crashing" that does:
      """
      [{"op": "log", "message": "about to crash"}, {"op": "crash", "how": "<how>", "message": "Zq7-inner-secret at 0xdead"}]
      """
    Then the job "crashing" ends with the error INTERNAL_ERROR
    And the ending of the job "crashing" says retryable true (R12-2)
    And the job "crashing" has emitted a "log" event with {"message": "about to crash"}
    And the job "bystander" has the result "unharmed"
    And a job of "A" still works
    And every job of "A" has one ending and is silent after it
    And preferably "A" received nothing with "Zq7-inner-secret" in it

    Examples:
      | how   |
      | error |
      | panic |

  @arcp-7.3-05 @must @R7.3-4 @slow
  Scenario: A job over its max_runtime_sec is timed out, and others run on
    Given a session "A"
    When "A" submits the job "limited" with the members {"max_runtime_sec": 1} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 20000}, {"op": "return", "value": "too late"}]
      """
    And "A" submits the job "unlimited" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 2000}, {"op": "return", "value": "unhurried"}]
      """
    Then the job "limited" ends with the error TIMEOUT
    And the job "limited" ran for at least 950 ms
    And the job "limited" has emitted a "log" event with {"message": "begun"}
    And the job "unlimited" has the result "unhurried"
    And every job of "A" has one ending and is silent after it

  @arcp-7.3-06 @must @R7.3-4
  Scenario Outline: A job within its max_runtime_sec is left alone: <limit> seconds
    Given a session "A"
    When "A" submits a job with the members {"max_runtime_sec": <limit>} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 200}, {"op": "return", "value": "in time"}]
      """
    Then the job ends in success
    And the job has the result "in time"
    And every job of "A" has one ending and is silent after it

    Examples:
      | limit |
      | 60    |
      | 1800  |

  @arcp-7.3-10 @must @R7.3-4
  Scenario Outline: A limit beyond the clock of 32 bits is not already over: <limit> seconds
    Given a session "A"
    When "A" submits a job with the members {"max_runtime_sec": <limit>} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 200}, {"op": "return", "value": "in time"}]
      """
    Then the submit is preferably accepted
    And the job, if it was accepted, has the result "in time"
    And a job of "A" still works

    Examples:
      | limit     |
      | 2592000   |
      | 315360000 |

  @arcp-7.3-07 @must @R7.3-1 @R7.3-3
  Scenario: Jobs that end in every way end once each
    Given a session "A"
    When "A" submits the job "returns" that does:
      """
      [{"op": "repeat", "times": 50, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": 1}]
      """
    And "A" submits the job "fails" that does:
      """
      [{"op": "repeat", "times": 50, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "fail", "code": "INVALID_REQUEST", "message": "no"}]
      """
    And "A" submits the job "crashes" that does:
      """
      [{"op": "repeat", "times": 50, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "crash", "message": "no"}]
      """
    And "A" submits the job "branches" that does:
      """
      [{"op": "parallel", "branches": 4, "steps": [{"op": "repeat", "times": 20, "steps": [{"op": "log", "message": "${branch}:${i}"}]}]}]
      """
    Then the job "returns" ends in success
    And the job "fails" ends with the error INVALID_REQUEST
    And the job "crashes" ends with the error INTERNAL_ERROR
    And the job "branches" ends in success
    And the messages of the "log" events of the job "returns" count from 0 to 49
    And the messages of the "log" events of the job "branches" count from 0 to 19 in each of 4 branches
    And every job of "A" has one ending and is silent after it
    And the numbers of "A" have no gap

  @arcp-7.3-08 @must @R7.3-2 @R12-2 @feature:cost.budget
  Scenario: A job that its exhausted budget ends has the status error
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["*"], "cost.budget": ["USD:1.00"]} that does:
      """
      [
        {"op": "tool", "name": "search", "call_id": "c1"},
        {"op": "metric", "name": "cost.search", "value": 1.00, "unit": "USD"},
        {"op": "tool", "name": "search", "call_id": "c2", "fatal": true},
        {"op": "return", "value": "never"}
      ]
      """
    Then the call "c1" has a result (R9.6-7)
    And the job ends with the error BUDGET_EXHAUSTED
    And the ending of the job says retryable false (R12-2)
    And every job of "A" has one ending and is silent after it

  @arcp-7.3-09 @must @R7.3-1
  Scenario: A job that emits nothing ends all the same
    Given a session "A"
    When "A" submits the job "silent" that does:
      """
      []
      """
    Then the job ends in success
    And every job of "A" has one ending and is silent after it
