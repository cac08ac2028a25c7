Feature: §7.4 Cancellation
  The submitting session may cancel a job that has not ended: it gets job.cancelled, and the job ends with CANCELLED.

  @arcp-7.4-01 @must @R7.4-1
  Scenario Outline: A cancel ends the job: <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, <steps>, {"op": "return", "value": "not cancelled"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "A" cancels the job
    Then the cancel of "A" is acknowledged
    And the job ends with the error CANCELLED
    And the acknowledgement of the cancel came before the ending of the job
    And every job of "A" has one ending and is silent after it
    And the numbers of "A" have no gap

    Examples:
      | what                             | steps                                                                        |
      | an agent that waits for it       | {"op": "await_cancel"}                                                       |
      | an agent that has a last word    | {"op": "await_cancel", "steps": [{"op": "log", "message": "last words"}]}    |
      | an agent that is asleep          | {"op": "sleep", "ms": 30000}                                                 |
      | an agent that talks all the time | {"op": "repeat", "times": 1500, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 10}]} |

  @arcp-7.4-02 @must @R7.4-3
  Scenario: Cancelling a job that does not exist
    Given a session "A"
    When "A" cancels a job that does not exist
    Then "A" is refused with JOB_NOT_FOUND
    And a job of "A" still works

  @arcp-7.4-03 @must @R7.4-3
  Scenario: Cancelling a job that has ended does not end it again
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "quick"}, {"op": "return", "value": "done"}]
      """
    Then the job has the result "done"
    When "A" cancels the job
    Then the cancel of "A" is answered somehow
    And a job of "A" still works
    And every job of "A" has one ending and is silent after it
    And the job has the result "done"

  @arcp-7.4-04 @must @R7.4-2 @shared
  Scenario: Another session of the same principal does not cancel
    Given a session "A"
    And a session "B"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 700}, {"op": "return", "value": "untouched"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "B" cancels the job
    Then the cancel of "B" is preferably refused with PERMISSION_DENIED, and has no effect
    And a job of "B" still works

  @arcp-7.4-05 @must @R7.4-2 @two @shared
  Scenario: Another principal does not cancel
    Given a session "A"
    And a session "B" of the second principal
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 700}, {"op": "return", "value": "untouched"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "B" cancels a job that does not exist
    And "B" cancels the job
    Then the cancel of "B" is refused as that of a stranger
    And the job has the result "untouched"
    And "B" heard nothing of the job
    And a job of "B" still works

  @arcp-7.4-06 @must @R7.4-4
  Scenario: A cancel that meets the completion of the job gives one ending
    Given a session "A"
    When "A" runs 20 jobs and cancels each as it completes
    Then every job of "A" has one ending and is silent after it
    And the numbers of "A" have no gap

  @arcp-7.4-07 @must @R7.4-3 @R7.4-1
  Scenario: Cancelling twice ends the job once
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "await_cancel"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "A" cancels the job
    Then the cancel of "A" is acknowledged
    When "A" cancels the job
    Then the cancel of "A" is answered somehow
    And the job ends with the error CANCELLED
    And every job of "A" has one ending and is silent after it

  @arcp-7.4-08 @must @R7.4-1
  Scenario: A cancel ends the job that it names and no other
    Given a session "A"
    When "A" submits the job "stays" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 500}, {"op": "return", "value": "stayed"}]
      """
    And "A" submits the job "goes" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "await_cancel"}]
      """
    And the job "goes" is seen to emit a "log" event with {"message": "begun"}
    And the job "stays" is seen to emit a "log" event with {"message": "begun"}
    And "A" cancels the job "goes"
    Then the cancel of "A" is acknowledged
    And the job "goes" ends with the error CANCELLED
    And the job "stays" has the result "stayed"
    And every job of "A" has one ending and is silent after it

  @arcp-7.4-09 @must @R7.4-1 @R5-3
  Scenario: A cancel that names no job cancels none
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 500}, {"op": "return", "value": "untouched"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "A" sends job.cancel, which need not be answered, with:
      """
      {"reason": "all of them"}
      """
    Then the message of "A" is refused, or unanswered with a warning (R5-3)
    And the job has the result "untouched"
