Feature: §9.5 Lease expiration
  A deadline is in the future, in UTC, and written with a Z. At it the authority is over: an operation fails with
  LEASE_EXPIRED, and the job ends so. What comes after a deadline is judged more than 1.5 s after it.

  @arcp-9.5-01 @must @R9.5-1 @feature:lease_expires_at
  Scenario Outline: A deadline that is none is refused, and starts nothing: <deadline>
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} with the members {"lease_constraints": {"expires_at": <deadline>}} that does:
      """
      [{"op": "log", "message": "started"}]
      """
    Then the submit is refused with INVALID_REQUEST
    And no job was started
    When "A" submits the job "good" under the lease {"tool.call": ["search"]} with the members {"lease_constraints": {"expires_at": "${in an hour}"}} that does:
      """
      [{"op": "tool", "name": "search", "call_id": "c1"}, {"op": "return", "value": "in time"}]
      """
    Then the job "good" has the lease_constraints that were asked for
    And the job "good" has the result "in time"

    Examples:
      | deadline                    |
      | "2020-05-13T23:42:00Z"      |
      | "${a second ago}"           |
      | "2999-05-13T23:42:00"       |
      | "2999-05-13T23:42:00+02:00" |
      | "2999-05-13"                |
      | "tomorrow"                  |
      | ""                          |
      | 4102444800                  |
      | "2999-02-30T00:00:00Z"      |

  @arcp-9.5-02 @should @R9.5-1 @feature:lease_expires_at
  Scenario: A deadline in UTC that is written with an offset of zero
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} with the members {"lease_constraints": {"expires_at": "2999-05-13T23:42:00+00:00"}} that does:
      """
      [{"op": "return", "value": "in time"}]
      """
    Then the deadline with an offset is preferably refused
    And a job of "A" still works

  @arcp-9.5-10 @must @R9.5-2 @R9.5-3 @R9.5-4 @slow @feature:lease_expires_at
  Scenario Outline: Before the deadline it is allowed and after it it is not: <what>
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"], "fs.read": ["/data/in.txt"], "fs.write": ["/data/in.txt"], "net.fetch": ["https://example.com/data"]} with the members {"lease_constraints": {"expires_at": "${in 2 seconds}"}} that does:
      """
      [{"op": <step>, "call_id": "early"}, {"op": "log", "message": "early"}, {"op": "sleep", "ms": 3600}, {"op": <step>, "call_id": "late"}, {"op": "return", "value": "never told"}]
      """
    And the job is seen to emit a "log" event with {"message": "early"}
    Then the call "late", after the deadline, is refused with LEASE_EXPIRED, or never came
    And the job ends as expired
    And the call "early" has a result (R9.3-1)
    And every job of "A" has one ending and is silent after it

    Examples:
      | what  | step                                         |
      | tool  | "tool", "name": "search"                     |
      | read  | "read", "path": "/data/in.txt"               |
      | write | "write", "path": "/data/in.txt"              |
      | fetch | "fetch", "url": "https://example.com/data"   |

  @arcp-9.5-11 @must @R9.5-2 @feature:lease_expires_at
  Scenario Outline: A deadline far ahead does not come early: in <time>
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} with the members {"lease_constraints": {"expires_at": "${in <time>}"}} that does:
      """
      [{"op": "tool", "name": "search", "call_id": "at once"}, {"op": "sleep", "ms": 300}, {"op": "tool", "name": "search", "call_id": "later"}, {"op": "return", "value": "in time"}]
      """
    Then the job has the lease_constraints that were asked for
    And the job has the result "in time"
    And the call "at once" has a result
    And the call "later" has a result

    Examples:
      | time      |
      | an hour   |
      | 30 days   |
      | 60 days   |
      | 10 years  |
      | 300 years |

  @arcp-9.5-12 @must @R9.5-2 @R9.5-3 @slow @feature:lease_expires_at
  Scenario: Each job has its own deadline
    Given a session "A"
    When "A" submits the job "short" under the lease {"tool.call": ["search"]} with the members {"lease_constraints": {"expires_at": "${in 2 seconds}"}} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3600}, {"op": "tool", "name": "search", "call_id": "late"}, {"op": "return", "value": "never told"}]
      """
    And "A" submits the job "long" under the lease {"tool.call": ["search"]} with the members {"lease_constraints": {"expires_at": "${in an hour}"}} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3700}, {"op": "tool", "name": "search", "call_id": "in time"}, {"op": "return", "value": "told"}]
      """
    And "A" submits the job "none" under the lease {"tool.call": ["search"]} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3700}, {"op": "tool", "name": "search", "call_id": "in time"}, {"op": "return", "value": "told"}]
      """
    Then the call "late" of the job "short", after the deadline, is refused with LEASE_EXPIRED, or never came
    And the job "short" ends as expired
    And the call "in time" of the job "long" has a result
    And the call "in time" of the job "none" has a result
    And the job "long" has the result "told"

  @arcp-9.5-13 @must @R9.5-2 @R9.3-1 @feature:lease_expires_at
  Scenario: A deadline is no grant
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} with the members {"lease_constraints": {"expires_at": "${in an hour}"}} that does:
      """
      [{"op": "tool", "name": "search", "call_id": "granted"}, {"op": "tool", "name": "delete", "call_id": "not granted"}, {"op": "return", "value": "on"}]
      """
    Then the call "granted" has a result
    And the call "not granted" is refused with PERMISSION_DENIED
