Feature: §8.3 Ordering and sequence numbers
  The numbers of a session rise by one with each event, over all of its jobs.

  @arcp-8.3-01 @must @R8.3-1
  Scenario: A job that talks a lot is heard whole and in order
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 500, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": "done"}]
      """
    Then the job has the result "done" (R7.3-1)
    And the messages of the "log" events of the job count from 0 to 499
    And the numbers of "A" have no gap

  @arcp-8.3-02 @must @R8.3-1
  Scenario: Two jobs at once share the numbers of their session
    Given a session "A"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 150, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 2}]}, {"op": "return", "value": "J"}]
      """
    And "A" submits the job "K" that does:
      """
      [{"op": "repeat", "times": 150, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 2}]}, {"op": "return", "value": "K"}]
      """
    Then the job "J" has the result "J" (R7.3-1)
    And the job "K" has the result "K" (R7.3-1)
    And the messages of the "log" events of the job "J" count from 0 to 149
    And the messages of the "log" events of the job "K" count from 0 to 149
    And the jobs J, K spoke in turns
    And the numbers of "A" have no gap

  @arcp-8.3-03 @must @R8.3-1 @shared
  Scenario: Two sessions number their events independently, and hear their own jobs alone
    Given a session "A"
    And a session "B"
    When "A" submits the job "J" that does:
      """
      [{"op": "repeat", "times": 100, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 2}]}]
      """
    And "B" submits the job "K" that does:
      """
      [{"op": "repeat", "times": 100, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 2}]}]
      """
    Then the messages of the "log" events of the job "J" count from 0 to 99
    And the messages of the "log" events of the job "K" count from 0 to 99
    And the numbers of "A" have no gap
    And the numbers of "B" have no gap
    And "A" heard nothing of the job "K"
    And "B" heard nothing of the job "J"
    And the jobs J, K spoke in turns

  @arcp-8.3-04 @must @R8.3-1
  Scenario: Branches that talk at once are numbered as they are heard
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "parallel", "branches": 8, "steps": [{"op": "repeat", "times": 40, "steps": [{"op": "log", "message": "${branch}:${i}"}]}]}, {"op": "return", "value": "done"}]
      """
    Then the job has the result "done" (R7.3-1)
    And the messages of the "log" events of the job count from 0 to 39 in each of 8 branches
    And the numbers of "A" have no gap

  @arcp-8.3-05 @must @R8.3-1
  Scenario: Refusals, acceptances and endings between the events leave no gap
    Given a session "A"
    When "A" submits the job "talks" that does:
      """
      [{"op": "repeat", "times": 200, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 2}]}]
      """
    And "A" cancels a job that does not exist
    And "A" submits the job "fails" that does:
      """
      [{"op": "log", "message": "0"}, {"op": "fail", "code": "INVALID_REQUEST", "message": "no"}]
      """
    And "A" submits the job "crashes" that does:
      """
      [{"op": "log", "message": "0"}, {"op": "crash", "message": "no"}]
      """
    And "A" cancels a job that does not exist
    And "A" submits the job "waits" that does:
      """
      [{"op": "log", "message": "0"}, {"op": "await_cancel"}]
      """
    And the job "waits" is seen to emit a "log" event with {"message": "0"}
    And "A" cancels the job "waits"
    Then the job "waits" comes to an end
    And the job "fails" comes to an end
    And the job "crashes" comes to an end
    And the messages of the "log" events of the job "talks" count from 0 to 199
    And the numbers of "A" have no gap
