Feature: §6.5 Event acknowledgement
  session.ack is advice: it has no number and wants no answer. What it names may be freed, and nothing else.

  @arcp-6.5-01 @must @R6.5-3 @feature:ack
  Scenario: An acknowledgement has no number and needs no answer
    Given a session "A"
    And a job of "A" works
    When "A" acknowledges all that it has seen
    Then no acknowledgement of "A" was refused
    And a job of "A" still works
    When "A" acknowledges all that it has seen
    And "A" acknowledges all that it has seen
    Then no acknowledgement of "A" was refused
    And a job of "A" still works
    And the numbers of "A" have no gap

  @arcp-6.5-02 @must @R6.5-3 @feature:ack
  Scenario Outline: An odd acknowledgement does no harm: <what>
    Given a session "A"
    And a job of "A" works
    When "A" acknowledges all that it has seen
    And "A" acknowledges <what>
    Then "A" still answers
    And a job of "A" still works
    And the numbers of "A" have no gap

    Examples:
      | what                                |
      | all but 2 messages                  |
      | event_seq 0                         |
      | 1000 messages more than it has seen |
      | 1 messages more than it has seen    |

  @arcp-6.5-03 @must @R6.5-2 @R6.3-3 @R6.3-2 @feature:ack
  Scenario: A resume from below the acknowledgement gets all, or hears that the window has expired
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 30, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": "told"}]
      """
    Then the job has the result "told"
    When "A" acknowledges all but 5 messages
    Then "A" still answers
    When the connection "A" is cut
    And "A2" tries to resume the session of "A" from 20 messages back
    Then "A2" has resumed, or is told that the window has expired
    And a new session still works

  @arcp-6.5-04 @must @R6.5-1 @R6.3-2 @feature:ack
  Scenario: What was not acknowledged is still there
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 30, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": "told"}]
      """
    Then the job has the result "told"
    When "A" acknowledges all but 20 messages
    Then "A" still answers
    When the connection "A" is cut
    And "A2" resumes the session of "A" from 20 messages back
    Then nothing was lost or told twice on the way to "A2"
    And a job of "A2" still works

  @arcp-6.5-05 @must @R6.5-3 @R6.3-2 @feature:ack
  Scenario: An acknowledgement of what was never sent frees nothing
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 5}]}, {"op": "return", "value": "whole"}]
      """
    And the job is seen to emit a "log" event with {"message": "10"}
    And "A" acknowledges 1000 messages more than it has seen
    And the connection "A" is cut
    And "A2" resumes the session of "A"
    Then the job has the result "whole"
    And nothing was lost or told twice on the way to "A2"
    And the log messages of the job, on the way to "A2", count from 0 to 59

  @arcp-6.5-06 @must @R6.5-3 @R6.3-2 @feature:ack
  Scenario: A resume counts from its own last_event_seq and not from the acknowledgement
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 20, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": "told"}]
      """
    Then the job has the result "told"
    When "A" acknowledges all but 10 messages
    Then "A" still answers
    When the connection "A" is cut
    And "A2" resumes the session of "A"
    Then nothing was replayed to "A2"
    And a job of "A2" still works

  @arcp-6.5-07 @must @R5-3 @R6.5-3 @feature:ack
  Scenario Outline: An acknowledgement that names no number: <payload>
    Given a session "A"
    And a job of "A" works
    When "A" sends session.ack, which need not be answered, with:
      """
      <payload>
      """
    Then the message of "A" is refused, or unanswered with a warning
    And a job of "A" still works

    Examples:
      | payload                       |
      | {}                            |
      | {"last_processed_seq": "1"}   |
      | {"last_processed_seq": -1}    |
      | {"last_processed_seq": 1.5}   |

  @arcp-6.5-08 @may @R6.5-4 @feature:ack @shared
  Scenario: A client that falls behind
    Given a session "A"
    And a session "B"
    And a job of "A" works
    When "A" acknowledges all that it has seen
    And "A" submits a job that does:
      """
      [{"op": "repeat", "times": 1500, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": "all"}]
      """
    Then a job of "B" still works
    And the job has the result "all"
    And it is noted whether "A" was told that it falls behind
