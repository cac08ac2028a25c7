Feature: §6.7 Close
  A close is answered by session.closed, and then the transport ends. Jobs in flight run on.

  @arcp-6.7-01 @must @R6.7-1
  Scenario: A close is answered, and then the transport ends
    Given a session "A"
    And a job of "A" works
    When "A" closes the session
    Then "A" is answered with session.closed
    And the connection "A" ends
    And a new session still works

  @arcp-6.7-02 @must @R6.7-1
  Scenario: A session without jobs closes too
    Given a session "probe"
    And a job of "probe" works
    And a session "A"
    When "A" closes the session
    Then "A" is answered with session.closed
    And the connection "A" ends
    And a job of "probe" still works

  @arcp-6.7-03 @must @R6.7-1 @R14-7 @shared
  Scenario: Closing a session with a job in flight leaves other sessions alone
    Given a session "A"
    And a session "B"
    When "B" submits the job "other" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 400}, {"op": "return", "value": "untouched"}]
      """
    And the job "other" is seen to emit a "log" event with {"message": "begun"}
    And "A" submits the job "left behind" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 1000}, {"op": "log", "message": "left behind"}]
      """
    And the job "left behind" is seen to emit a "log" event with {"message": "begun"}
    And "A" closes the session
    Then "A" is answered with session.closed
    And the connection "A" ends
    And the job "other" has the result "untouched" (R14-7)
    And a job of "B" still works
    And "B" heard nothing of the job "left behind"
    And the numbers of "B" have no gap

  @arcp-6.7-04 @must @R6.7-2 @shared @feature:list_jobs
  Scenario: A job whose session was closed runs on, as a listing shows
    Given a session "A"
    And a session "B"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 3000}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "A" closes the session
    And the connection "A" ends (R6.7-1)
    Then "B" finds the job in its listing, and running

  @arcp-6.7-05 @must @R6.7-2 @shared @feature:subscribe
  Scenario: A job whose session was closed comes to its end, as a subscriber sees
    Given a session "A"
    And a session "B"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 1000}, {"op": "return", "value": "at last"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "A" closes the session
    And the connection "A" ends (R6.7-1)
    Then "B" subscribes to the job and sees it end in success

  @arcp-6.7-06 @must @R14-7 @shared
  Scenario: A client that goes away without a word harms nobody
    Given a session "A"
    And a session "B"
    When "A" submits the job "left behind" that does:
      """
      [{"op": "repeat", "times": 200, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 2}]}]
      """
    And the job "left behind" is seen to emit a "log" event with {"message": "0"}
    And the connection "A" drops
    Then a job of "B" still works
    And a new session still works
    And "B" heard nothing of the job "left behind"
