Feature: §7.6 Subscription
  Any session that may observe a job can attach to it: it is told the job's bounds, and hears its events in its own
  numbers. The jobs here count in their log messages, so that holes and doubles show.

  @arcp-7.6-01 @must @R7.6-3 @R7.6-1 @R7.6-4 @shared @feature:subscribe
  Scenario: A subscriber hears the history and then what comes
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "15"}
    And "B" subscribes to the job "J" with its history
    Then "B" is told truly of the job "J", which is running
    And "B" has heard the logs of the job "J" from 0 to 59, and its ending
    And what "B" hears stands in its own session and numbers
    And preferably nothing of the job "J" came to "B" before the answer
    And the job "J" has the result "heard"
    And the messages of the "log" events of the job "J" count from 0 to 59
    And the numbers of "A" have no gap
    And a job of "B" still works

  @arcp-7.6-02 @must @R7.6-3 @R7.6-4 @shared @feature:subscribe
  Scenario: Without history a subscriber hears only what comes
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 80, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "15"}
    And "B" subscribes to the job "J" live
    Then "B" is told truly of the job "J", which is running
    And "B" has heard nothing of the job "J" from before its subscription, and all after
    And what "B" hears stands in its own session and numbers
    And the messages of the "log" events of the job "J" count from 0 to 79

  @arcp-7.6-03 @must @R7.6-4 @R7.6-3 @shared @feature:subscribe
  Scenario: The events stand among those of the subscriber's own jobs
    Given a session "A"
    And a session "B"
    And a job of "B" works
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And "B" submits the job "mine" that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 7}]}, {"op": "return", "value": "mine"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "5"}
    And "B" subscribes to the job "J" with its history
    Then "B" has heard the logs of the job "J" from 0 to 59, and its ending
    And the job "mine" has the result "mine"
    And the messages of the "log" events of the job "mine" count from 0 to 59
    And what "B" hears stands in its own session and numbers

  @arcp-7.6-04 @must @R7.6-9 @R7.6-1 @shared @feature:subscribe
  Scenario: A job that has ended has its history
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 10, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": "over"}]
      """
    Then the job "J" has the result "over"
    When "B" subscribes to the job "J" with its history
    Then "B" is told truly of the job "J", which is success
    And "B" has heard the logs of the finished job "J" from 0 to 9
    And what "B" hears stands in its own session and numbers
    And a job of "B" still works

  @arcp-7.6-05 @must @R7.6-2 @shared @feature:subscribe @feature:lease_expires_at @feature:cost.budget
  Scenario: A subscriber is told the bounds, and the counters as they stand
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" under the lease {"tool.call": ["search"], "cost.budget": ["USD:5.00", "EUR:1.00"]} with the members {"lease_constraints": {"expires_at": "${in an hour}"}} that does:
      """
      [{"op": "metric", "name": "cost.search", "value": 1.42, "unit": "USD"}, {"op": "log", "message": "charged"}, {"op": "sleep", "ms": 1500}, {"op": "return", "value": "bound"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "charged"}
    And "B" subscribes to the job "J" live
    Then "B" is told truly of the job "J", which is running
    And "B" is told the lease_constraints of the job "J"
    And "B" is told the budget {"USD": 3.58, "EUR": 1}
    And the job "J" has the result "bound"

  @arcp-7.6-06 @must @R7.6-2 @shared @feature:subscribe
  Scenario: A subscriber is told no bounds of a job that has none
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 800}, {"op": "return", "value": "free"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "begun"}
    And "B" subscribes to the job "J" live
    Then "B" is told truly of the job "J", which is running
    And "B" is told the lease_constraints of the job "J"
    And the job "J" has the result "free"

  @arcp-7.6-10 @must @R7.6-6 @shared @feature:subscribe
  Scenario: After an unsubscribe nothing more comes
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 120, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "unheard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "5"}
    And "B" subscribes to the job "J" with its history
    And "B" unsubscribes from the job "J", which says 10 things more
    Then "B" hears nothing of the job "J" any more
    And the job "J" has the result "unheard"
    And the messages of the "log" events of the job "J" count from 0 to 119
    And what "B" hears stands in its own session and numbers
    And a job of "B" still works

  @arcp-7.6-11 @must @R7.6-6 @R7.6-3 @shared @feature:subscribe
  Scenario: Who unsubscribed may subscribe again
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 100, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "2"}
    And "B" subscribes to the job "J" live
    And "B" unsubscribes from the job "J", which says 5 things more
    And "B" subscribes to the job "J" live
    Then "B" has heard the job "J" to its end, and no log of it twice
    And what "B" hears stands in its own session and numbers

  @arcp-7.6-12 @must @R7.6-10 @shared @feature:subscribe
  Scenario: Subscribing twice delivers once
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "3"}
    And "B" subscribes to the job "J" with its history
    And "B" subscribes a second time to the job "J", live
    Then "B" has heard the logs of the job "J" from 0 to 59, and its ending
    And what "B" hears stands in its own session and numbers

  @arcp-7.6-13 @should @R7.6-10 @feature:subscribe
  Scenario: The submitter subscribes to its own job
    Given a session "A"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 40, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "3"}
    And "A" tries to subscribe to the job "J"
    Then the job "J" has the result "heard"
    And preferably "A" has heard each log of the job "J" once
    And the numbers of "A" have no gap

  @arcp-7.6-20 @must @R7.6-5 @R14-1 @two @shared @feature:subscribe
  Scenario: Another principal may not subscribe
    Given a session "A"
    And a session "B" of the second principal
    And a job of "B" works
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 40, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "secret"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "3"}
    And "B" tries to subscribe to a job that does not exist
    And "B" tries to subscribe to the job "J"
    Then the subscribe of "B" is refused as that of a stranger
    And the job "J" has the result "secret"
    And a job of "B" still works
    And "B" heard nothing of the job "J"

  @arcp-7.6-21 @must @R7.6-1 @feature:subscribe
  Scenario: A job that does not exist
    Given a session "A"
    And a job of "A" works
    When "A" tries to subscribe to a job that does not exist
    Then the subscribe of "A" is refused as that of a stranger
    And a job of "A" still works

  @arcp-7.6-22 @must @R7.6-7 @shared @feature:subscribe
  Scenario: A subscriber may not cancel
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 10}]}, {"op": "return", "value": "untouched"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "3"}
    And "B" subscribes to the job "J" with its history
    And "B" cancels the job "J"
    Then the cancel of "B", a subscriber, is refused, and the job "J" goes on
    And the job "J" has the result "untouched"
    And "B" has heard the logs of the job "J" from 0 to 59, and its ending

  @arcp-7.6-23 @must @R7.6-3 @R14-7 @shared @feature:subscribe
  Scenario: A subscriber that goes away without a word disturbs nobody
    Given a session "A"
    And a session "B"
    And a session "C"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 80, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "3"}
    And "B" subscribes to the job "J" with its history
    And "C" subscribes to the job "J" with its history
    And the connection "B" is cut
    Then "C" has heard the logs of the job "J" from 0 to 79, and its ending
    And the messages of the "log" events of the job "J" count from 0 to 79
    And the numbers of "A" have no gap

  @arcp-7.6-24 @must @R7.6-3 @shared @feature:subscribe
  Scenario: The cancel of the submitter reaches the subscriber as the ending
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "log", "message": "0"}, {"op": "await_cancel"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "0"}
    And "B" subscribes to the job "J" with its history
    And "A" cancels the job "J"
    Then the job "J" ends with the error CANCELLED (R7.4-1)
    And "B" has heard the logs of the job "J" from 0 to 0, and its ending

  @arcp-7.6-25 @must @R7.6-4 @R6.3-2 @shared @feature:subscribe
  Scenario: A subscriber that resumes goes on hearing
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 100, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 8}]}, {"op": "return", "value": "heard"}]
      """
    And the job "J" is seen to emit a "log" event with {"message": "3"}
    And "B" subscribes to the job "J" with its history
    And the connection "B" is cut
    And "B2" resumes the session of "B" from the start
    And "B2" takes the subscription of "B" along
    Then "B2" has heard the logs of the job "J" from 0 to 99, and its ending
    And nothing was lost or told twice on the way to "B2"
