Feature: §6.6 Job listing
  A listing tells what jobs the session's principal may observe, truly, and subscribes to nothing. The order, the default
  limit and how long an ended job stays are the peer's own.

  @arcp-6.6-01 @must @R6.6-1 @R6.6-2 @feature:list_jobs
  Scenario: A listing names a running job, and tells the truth about it
    Given a session "A"
    When "A" submits the job "J" under the lease {"tool.call": ["search.*"], "fs.read": ["/workspace/**"]} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 1500}, {"op": "return", "value": "done"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "begun"}
    And "A" lists the jobs with {"status": ["running", "pending"]}
    Then the listing of "A" tells the truth about the job "J", which is running
    And the job "J" has the result "done"

  @arcp-6.6-02 @must @R6.6-2 @feature:list_jobs
  Scenario Outline: What is listed of a job that has ended is true: <status>
    Given a session "A"
    When "A" submits the job "J" that does:
      """
      [{"op": "log", "message": "begun"}, <step>]
      """
    Then the job "J" comes to an end
    When "A" lists its jobs
    Then the listing of "A" tells the truth about the job "J", if it has it, which is <status>

    Examples:
      | status  | step                                                       |
      | success | {"op": "return", "value": 1}                               |
      | error   | {"op": "fail", "code": "INTERNAL_ERROR", "message": "no"}  |

  @arcp-6.6-03 @must @R6.6-1 @shared @feature:list_jobs
  Scenario: Another session of the same principal lists the job
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 1500}, {"op": "return", "value": "done"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "begun"}
    And "B" lists the jobs with {"status": ["running", "pending"]}
    Then the listing of "B" tells the truth about the job "J", which is running

  @arcp-6.6-10 @must @R6.6-3 @feature:list_jobs
  Scenario Outline: The filters work alone and together: <with>
    Given a session "A"
    When "A" submits the job "ended" that does:
      """
      [{"op": "log", "message": "quick"}, {"op": "return", "value": "quick"}]
      """
    Then the job "ended" has the result "quick" (R7.3-1)
    When "A" submits the job "runs" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 2000}, {"op": "return", "value": "slow"}]
      """
    And the job "runs" is seen to emit a "log" event with {"message": "begun"}
    And "A" lists the jobs with <with>
    Then the listing of "A" has the job "runs"
    And the listing of "A" has only jobs of the agent "${agent}"
    When "A" lists the jobs with <without>
    Then the listing of "A" does not have the job "runs"

    Examples:
      | with                                                    | without                                                    |
      | {"status": ["running", "pending"], "agent": "${agent}"} | {"status": ["success"], "agent": "${agent}"}               |
      | {"agent": "${agent}"}                                   | {"agent": "no-such-agent"}                                 |
      | {"agent": "${agent}", "created_after": "2020-01-01T00:00:00Z"} | {"agent": "${agent}", "created_after": "2999-01-01T00:00:00Z"} |
      | {"status": ["running", "pending"], "agent": "${agent}", "created_after": "2020-01-01T00:00:00Z"} | {"status": ["running", "pending"], "agent": "${agent}", "created_after": "2999-01-01T00:00:00Z"} |
      | {"status": ["running", "pending"], "agent": "${agent}", "created_after": "2020-01-01T00:00:00Z"} | {"status": ["running", "pending"], "agent": "no-such-agent", "created_after": "2020-01-01T00:00:00Z"} |

  @arcp-6.6-11 @must @R6.6-3 @feature:list_jobs
  Scenario: A filter by status shows no other status
    Given a session "A"
    When "A" submits the job "ended" that does:
      """
      [{"op": "log", "message": "quick"}, {"op": "return", "value": "quick"}]
      """
    Then the job "ended" has the result "quick" (R7.3-1)
    When "A" submits the job "runs" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 2000}, {"op": "return", "value": "slow"}]
      """
    And the job "runs" is seen to emit a "log" event with {"message": "begun"}
    And "A" lists the jobs with {"status": ["running", "pending"]}
    Then the listing of "A" has the job "runs"
    And the listing of "A" does not have the job "ended"
    And the listing of "A" has only jobs that are running or pending
    When "A" lists the jobs with {"status": ["success"]}
    Then the listing of "A" does not have the job "runs"
    And the listing of "A" has only jobs that are success

  @arcp-6.6-12 @should @R6.6-3 @feature:list_jobs
  Scenario Outline: A time that is none: <time>
    Given a session "A"
    And a job of "A" works
    When "A" sends session.list_jobs with:
      """
      {"filter": {"created_after": <time>}, "limit": 10, "cursor": null}
      """
    Then the listing that "A" asked for is preferably refused with INVALID_REQUEST
    And a job of "A" still works

    Examples:
      | time             |
      | "yesterday"      |
      | "2026-13-45"     |
      | 5                |

  @arcp-6.6-13 @may @R6.6-3 @feature:list_jobs
  Scenario: A status that is none
    Given a session "A"
    And a job of "A" works
    When "A" sends session.list_jobs with:
      """
      {"filter": {"status": ["asleep"]}, "limit": 10, "cursor": null}
      """
    Then it is noted how the listing that "A" asked for is taken
    And a job of "A" still works

  @arcp-6.6-20 @must @R6.6-4 @feature:list_jobs
  Scenario: Page by page each job is listed once, while others come
    Given a session "A"
    When "A" submits the job "j1" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3000}]
      """
    And "A" submits the job "j2" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3000}]
      """
    And "A" submits the job "j3" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3000}]
      """
    And "A" submits the job "j4" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3000}]
      """
    And "A" submits the job "j5" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3000}]
      """
    And the job "j5" is seen to emit a "log" event with {"message": "begun"}
    And "A" pages through the running jobs 2 at a time, and submits another after each page
    Then each job of "A" that ran all the while was listed exactly once
    And "A" still answers

  @arcp-6.6-21 @may @R6.6-4 @feature:list_jobs
  Scenario: A made-up cursor
    Given a session "A"
    And a job of "A" works
    When "A" sends session.list_jobs with:
      """
      {"limit": 10, "cursor": "bm8gc3VjaCBjdXJzb3I"}
      """
    Then it is noted how the listing that "A" asked for is taken
    And a job of "A" still works

  @arcp-6.6-30 @must @R6.6-5 @R14-1 @two @shared @feature:list_jobs
  Scenario: The jobs of another principal are not listed
    Given a session "A"
    And a session "B" of the second principal
    When "A" submits the job "hidden" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 2500}, {"op": "return", "value": "unseen"}]
      """
    And "B" submits the job "own" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 2500}, {"op": "return", "value": "seen"}]
      """
    And the job "hidden" is seen to emit a "log" event with {"message": "begun"}
    And the job "own" is seen to emit a "log" event with {"message": "begun"}
    And "B" lists the jobs with {"status": ["running", "pending"]}
    Then the listing of "B" has the job "own"
    And the listing of "B" does not have the job "hidden"
    When "A" lists the jobs with {"status": ["running", "pending"]}
    Then the listing of "A" has the job "hidden"
    And the listing of "A" does not have the job "own"
    When "B" lists its jobs
    Then the listing of "B" does not have the job "hidden"

  @arcp-6.6-31 @must @R6.6-5 @two @shared @feature:list_jobs
  Scenario: The cursor of another principal shows nothing of that one's jobs
    Given a session "A"
    And a session "B" of the second principal
    When "A" submits the job "one" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 2500}]
      """
    And "A" submits the job "two" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 2500}]
      """
    And the job "one" is seen to emit a "log" event with {"message": "begun"}
    And the job "two" is seen to emit a "log" event with {"message": "begun"}
    And "B" asks for the page behind the first one of "A"
    Then "B" is shown no job of "A"
    And a job of "B" still works

  @arcp-6.6-40 @must @R6.6-6 @shared @feature:list_jobs
  Scenario: A listing subscribes to nothing
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 40, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 15}]}, {"op": "return", "value": "unheard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "0"}
    And "B" lists the jobs with {"status": ["running", "pending"]}
    Then the listing of "B" has the job "J" (R6.6-1)
    And the job "J" has the result "unheard"
    And a job of "B" still works
    And "B" heard nothing of the job "J"
