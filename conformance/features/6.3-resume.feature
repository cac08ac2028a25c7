Feature: §6.3 Resume
  Whoever comes back with the newest token and the last number that it saw gets what it missed, once each, in order and
  unchanged, and then goes on live. The job counts in its log messages, so that what was lost before it got a number shows.

  @arcp-6.3-01 @must @R6.3-2 @R6.3-7 @R6.3-1
  Scenario: A job goes on over a cut
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 100, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 5}]}, {"op": "return", "value": "whole"}]
      """
    And the job is seen to emit a "log" event with {"message": "10"}
    And the connection "A" is cut
    And "A2" resumes the session of "A"
    Then the job has the result "whole"
    And nothing was lost or told twice on the way to "A2"
    And the log messages of the job, on the way to "A2", count from 0 to 99
    And a job of "A2" still works

  @arcp-6.3-02 @must @R6.3-2 @R6.3-1 @R6.3-7
  Scenario: A job goes on over three cuts
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 200, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 5}]}, {"op": "return", "value": "whole"}]
      """
    And the job is seen to emit a "log" event with {"message": "5"}
    And the connection "A" is cut
    And "A2" resumes the session of "A"
    And the job is seen to emit a "log" event with {"message": "60"}
    And the connection "A2" is cut
    And "A3" resumes the session of "A2" from 5 messages back
    And the job is seen to emit a "log" event with {"message": "120"}
    And the connection "A3" is cut
    And "A4" resumes the session of "A3" from 20 messages back
    Then the job has the result "whole"
    And nothing was lost or told twice on the way to "A4"
    And the log messages of the job, on the way to "A4", count from 0 to 199
    And a job of "A4" still works

  @arcp-6.3-03 @must @R6.3-2 @shared
  Scenario: A job that ended while its client was away is told to its end
    Given a session "A"
    And a session "B"
    When "A" submits the job "away" that does:
      """
      [{"op": "repeat", "times": 50, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 4}]}, {"op": "return", "value": "meanwhile"}]
      """
    And the job "away" is seen to emit a "log" event with {"message": "3"}
    And the connection "A" is cut
    And "B" submits the job "pause" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 900}, {"op": "return", "value": "paused"}]
      """
    Then the job "pause" has the result "paused" (R14-7)
    When "A2" resumes the session of "A"
    Then the job "away" has the result "meanwhile"
    And nothing was lost or told twice on the way to "A2"
    And the log messages of the job "away", on the way to "A2", count from 0 to 49
    And "B" heard nothing of the job "away"

  @arcp-6.3-04 @must @R6.3-2
  Scenario Outline: What was seen before is told again when it is asked for, with the same content: from <whence>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 20, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "metric", "name": "answer", "value": 4.20}, {"op": "return", "value": "told"}]
      """
    Then the job has the result "told"
    When the connection "A" is cut
    And "A2" resumes the session of "A" from <whence>
    Then nothing was lost or told twice on the way to "A2"
    And a job of "A2" still works
    And nothing was lost or told twice on the way to "A2"

    Examples:
      | whence           |
      | the start        |
      | 1 message back   |
      | 7 messages back  |

  @arcp-6.3-05 @must @R6.3-2
  Scenario: Who has seen all is told nothing again
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "0"}, {"op": "log", "message": "1"}, {"op": "return", "value": "seen"}]
      """
    Then the job has the result "seen"
    When the connection "A" is cut
    And "A2" resumes the session of "A"
    Then nothing was replayed to "A2"
    And a job of "A2" still works
    And nothing was lost or told twice on the way to "A2"

  @arcp-6.3-06 @must @R6.3-7 @R6.3-2
  Scenario: A resumed session may cancel its job
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "await_cancel"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And the connection "A" is cut
    And "A2" resumes the session of "A"
    And "A2" cancels the job
    Then "A2" is answered with job.cancelled (R6.3-7)
    And the job ends with the error CANCELLED (R6.3-7)
    And nothing was lost or told twice on the way to "A2"

  @arcp-6.3-07 @must @R6.3-8 @R6.3-2 @shared
  Scenario: A resume takes over from a connection that still looks alive
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 100, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 5}]}, {"op": "return", "value": "whole"}]
      """
    And the job is seen to emit a "log" event with {"message": "10"}
    And "A2" resumes the session of "A"
    Then the connection "A" ends, as "A2" took its session over
    And the job has the result "whole"
    And nothing was lost or told twice on the way to "A2"
    And the log messages of the job, on the way to "A2", count from 0 to 99
    And a job of "A2" still works

  @arcp-6.3-08 @must @R6.3-4 @R6.3-1
  Scenario: A spent token resumes nothing, and the newest still does
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And "A2" resumes the session of "A"
    And the connection "A2" is cut
    And "thief" tries to resume the session of "A" with the token of "A"
    Then "thief" has resumed nothing
    When "A3" resumes the session of "A2"
    Then a job of "A3" still works
    And nothing was lost or told twice on the way to "A3"

  @arcp-6.3-09 @must @R6.3-4
  Scenario: A made-up token resumes nothing, and the newest still does
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And "thief" tries to resume the session of "A" with a made-up token
    Then "thief" has resumed nothing
    When "A2" resumes the session of "A"
    Then a job of "A2" still works

  @arcp-6.3-10 @must @R6.3-4
  Scenario: A bad token does not disturb the connection of the owner
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 400}, {"op": "return", "value": "undisturbed"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "thief" tries to resume the session of "A" with a made-up token
    Then "thief" has resumed nothing
    And the job has the result "undisturbed"
    And a job of "A" still works
    And the numbers of "A" have no gap

  @arcp-6.3-11 @must @R6.3-4 @shared
  Scenario: The token of another session does not resume this one
    Given a session "A"
    And a session "B"
    And a job of "A" works
    And a job of "B" works
    When the connection "A" is cut
    And "C" tries to resume the session of "A" with the token of "B"
    Then it is noted whether "C" has resumed
    And "C" is not on the session of "A"
    When "A2" resumes the session of "A"
    Then a job of "A2" still works

  @arcp-6.3-12 @must @R6.3-4 @two @shared
  Scenario: The token of another principal resumes nothing, and both owners keep theirs
    Given a session "A"
    And a session "B" of the second principal
    And a job of "A" works
    And a job of "B" works
    When the connection "A" is cut
    And the connection "B" is cut
    And "thief" tries to resume the session of "A" with the token of "B"
    Then "thief" has resumed nothing
    When "A2" resumes the session of "A"
    And "B2" resumes the session of "B"
    Then a job of "A2" still works
    And a job of "B2" still works

  @arcp-6.3-13 @should @R6.3-4 @two @shared
  Scenario: A resume under the bearer token of another principal
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And "thief" tries to resume the session of "A" as the second principal
    Then "thief" has preferably resumed nothing
    And a new session still works

  @arcp-6.3-14 @should @R6.3-4
  Scenario: A resume without a bearer token
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And "A2" tries to resume the session of "A" without a bearer token
    Then "A2" has preferably resumed nothing
    And a new session still works

  @arcp-6.3-15 @must @R6.3-4 @two @shared
  Scenario: A try under another principal's bearer token does not spoil the resume of the owner
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And "thief" tries to resume the session of "A" as the second principal
    Then the owner of "A" resumes as "A2", unless "thief" has

  @arcp-6.3-16 @may @R6.3-5
  Scenario: A last_event_seq above all that was sent
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And "A2" tries to resume the session of "A" from 1000 messages ahead
    Then it is noted whether "A2" has resumed
    And a new session still works

  @arcp-6.3-17 @must @R6.3-6 @slow
  Scenario: After the window nothing is resumed
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And the resume window of "A" is short, and passes
    And "A2" tries to resume the session of "A"
    Then the resume of "A2" is refused with RESUME_WINDOW_EXPIRED
    And a new session still works

  @arcp-6.3-18 @must @R6.3-4
  Scenario: A session that never was is not resumed
    Given a session "A"
    And a job of "A" works
    When "B" tries to resume a session that never was
    Then "B" has resumed nothing
    And a job of "A" still works

  @arcp-6.3-19 @must @R6.3-2
  Scenario: Two jobs at once go on over a cut
    Given a session "A"
    When "A" submits the job "one" that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 5}]}, {"op": "return", "value": 1}]
      """
    And "A" submits the job "two" that does:
      """
      [{"op": "repeat", "times": 60, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 4}]}, {"op": "return", "value": 2}]
      """
    And the job "two" is seen to emit a "log" event with {"message": "10"}
    And the connection "A" is cut
    And "A2" resumes the session of "A"
    Then the job "one" has the result 1
    And the job "two" has the result 2
    And nothing was lost or told twice on the way to "A2"
    And the log messages of the job "one", on the way to "A2", count from 0 to 59
    And the log messages of the job "two", on the way to "A2", count from 0 to 59

  @arcp-6.3-20 @must @R6.3-2 @R6.3-7 @feature:heartbeat
  Scenario: What was agreed on before the cut holds after it
    Given a session "A"
    And a job of "A" works
    When the connection "A" is cut
    And "A2" resumes the session of "A"
    Then "A2" pings 2 times, and each time gets a pong with its nonce
    And a job of "A2" still works
