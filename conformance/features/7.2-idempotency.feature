Feature: §7.2 Idempotency
  One key with one set of parameters is one job, whose acceptance is told again; with others it is DUPLICATE_KEY.

  @arcp-7.2-01 @must @R7.2-1
  Scenario: A repeated submit is accepted as the same job
    Given a session "A"
    When "A" submits the job "J" with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "log", "message": "once"}, {"op": "sleep", "ms": 300}, {"op": "return", "value": "${key}"}]
      """
    And "A" submits the job "J" again as "again"
    Then the jobs "J" and "again" are one
    And the job "J" has emitted 1 "log" event
    And every job of "A" has one ending and is silent after it
    And the numbers of "A" have no gap

  @arcp-7.2-02 @must @R7.2-1 @feature:cost.budget
  Scenario: A repeated submit is told the same lease and counters
    Given a session "A"
    When "A" submits the job "J" under the lease {"tool.call": ["search"], "cost.budget": ["USD:1.00"]} with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "metric", "name": "cost.search", "value": 0.4, "unit": "USD"}, {"op": "log", "message": "charged"}, {"op": "sleep", "ms": 300}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "charged"}
    And "A" submits the job "J" again as "again"
    Then the jobs "J" and "again" are one
    And every job of "A" has one ending and is silent after it
    And the job "J" has emitted 1 "log" event

  @arcp-7.2-03 @must @R7.2-1
  Scenario: A submit that is repeated after the ending starts nothing again
    Given a session "A"
    When "A" submits the job "J" with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "log", "message": "once"}, {"op": "return", "value": "over"}]
      """
    Then the job "J" has the result "over"
    When "A" submits the job "J" again as "again"
    Then the jobs "J" and "again" are one
    And every job of "A" has one ending and is silent after it
    And the job "J" has emitted 1 "log" event

  @arcp-7.2-04 @must @R7.2-1 @shared
  Scenario: Another session of the same principal is told the same job
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "log", "message": "once"}, {"op": "sleep", "ms": 300}, {"op": "return", "value": "over"}]
      """
    And "B" submits the job "J" again as "again"
    Then the jobs "J" and "again" are one
    And the job "J" has the result "over"
    And the job "J" has emitted 1 "log" event
    And a job of "B" still works

  @arcp-7.2-05 @must @R7.2-1
  Scenario: Without a key, and with another, it is another job
    Given a session "A"
    When "A" submits the job "J" with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "return", "value": "J"}]
      """
    And "A" submits the job "J" again as "keyless" with the members {"idempotency_key": null}
    And "A" submits the job "J" again as "other" with the members {"idempotency_key": "${key:other}"}
    Then the jobs "J" and "keyless" are two
    And the jobs "J" and "other" are two
    And the job "keyless" has the result "J"
    And the job "other" has the result "J"

  @arcp-7.2-10 @must @R7.2-2
  Scenario Outline: The key with another <what> is refused, and starts nothing
    Given a session "A"
    When "A" submits the job "J" under the lease {"tool.call": ["search"]} with the members {"idempotency_key": "${key}", "max_runtime_sec": 60} that does:
      """
      [{"op": "log", "message": "once"}, {"op": "return", "value": "J"}]
      """
    Then the job "J" is accepted
    When "A" submits the job "J" again as "other" with the members <members>
    Then the submit is refused with DUPLICATE_KEY
    And no job was started
    And the job "J" has the result "J"
    When "A" submits the job "J" again as "again"
    Then the jobs "J" and "again" are one (R7.2-1)
    And every job of "A" has one ending and is silent after it

    Examples:
      | what         | members                                                                    |
      | input        | {"input": {"steps": [{"op": "log", "message": "another"}]}}                |
      | lease        | {"lease_request": {"tool.call": ["search", "delete"]}}                     |
      | lease (none) | {"lease_request": null}                                                    |
      | limit        | {"max_runtime_sec": 61}                                                    |

  @arcp-7.2-11 @must @R7.2-2 @feature:agent_versions
  Scenario: The key with another version of the agent is refused
    Given a session "A"
    When "A" submits the job "J" with the members {"agent": "${agent}@2.0.0", "idempotency_key": "${key}"} that does:
      """
      [{"op": "return", "value": "J"}]
      """
    Then the job "J" is accepted
    When "A" submits the job "J" again as "other" with the members {"agent": "${agent}@1.0.0"}
    Then the submit is refused with DUPLICATE_KEY
    And no job was started

  @arcp-7.2-12 @must @R7.2-2 @feature:lease_expires_at
  Scenario: The key with another deadline is refused
    Given a session "A"
    When "A" submits the job "J" with the members {"idempotency_key": "${key}", "lease_constraints": {"expires_at": "${in an hour}"}} that does:
      """
      [{"op": "return", "value": "J"}]
      """
    Then the job "J" is accepted
    When "A" submits the job "J" again as "other" with the members {"lease_constraints": {"expires_at": "${in 30 days}"}}
    Then the submit is refused with DUPLICATE_KEY
    And no job was started
    When "A" submits the job "J" again as "again"
    Then the jobs "J" and "again" are one (R7.2-1)
    And every job of "A" has one ending and is silent after it

  @arcp-7.2-13 @should @R7.2-5
  Scenario: The order of members and white space mean nothing
    Given a session "A"
    When "A" submits the job "J" under the lease {"tool.call": ["search"], "fs.read": ["/data/**"]} with the members {"idempotency_key": "${key}", "max_runtime_sec": 60} that does:
      """
      [{"op": "log", "message": "once", "level": "info"}, {"op": "metric", "name": "n", "value": 1.5, "unit": "ms"}, {"op": "return", "value": "J"}]
      """
    Then the job "J" is accepted
    When "A" submits the job "J" again as "again", written otherwise
    Then "again" is preferably one with the job "J"
    And every job of "A" has one ending and is silent after it
    And the job "J" has emitted 1 "log" event (R7.2-1)

  @arcp-7.2-20 @must @R7.2-3 @R14-1 @two @shared
  Scenario: Another principal's key is that principal's own
    Given a session "A"
    And a session "B" of the second principal
    When "A" submits the job "J" with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "log", "message": "once"}, {"op": "sleep", "ms": 300}, {"op": "return", "value": "same"}]
      """
    And "B" submits the job "J" again as "theirs"
    Then the jobs "J" and "theirs" are two
    And the job "theirs" has the result "same"
    And the job "J" has the result "same"
    And the job "J" has emitted 1 "log" event
    And the job "theirs" has emitted 1 "log" event
    And "B" heard nothing of the job "J"

  @arcp-7.2-21 @must @R7.2-3 @two @shared
  Scenario: Another principal's key is not in the way of other parameters
    Given a session "A"
    And a session "B" of the second principal
    When "A" submits the job "J" with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "return", "value": "one"}]
      """
    And "B" submits the job "theirs" with the members {"idempotency_key": "${key}"} that does:
      """
      [{"op": "return", "value": "another"}]
      """
    Then the job "theirs" has the result "another"
    And the job "J" has the result "one"

  @arcp-7.2-30 @must @R7.2-4 @shared
  Scenario: Two submits of one key at the same instant are one job
    Given a session "A"
    And a session "B"
    And "A" and "B" submit at the same instant, 20 times, each time with one key, a job that does:
      """
      [{"op": "log", "message": "once"}, {"op": "return", "value": "one"}]
      """
    Then a job of "A" still works
    And a job of "B" still works
