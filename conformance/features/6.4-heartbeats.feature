Feature: §6.4 Heartbeats: pings that are answered
  A ping gets a pong that repeats its nonce, whatever else the session is busy with, and neither is numbered.

  @arcp-6.4-01 @must @R6.4-1 @R6.4-5 @feature:heartbeat
  Scenario Outline: A ping gets a pong with its nonce: <nonce>
    Given a session "A"
    And a job of "A" works
    When "A" pings with the nonce "<nonce>"
    Then "A" gets its nonce back
    And a job of "A" still works
    And the numbers of "A" have no gap

    Examples:
      | nonce                                                                                                |
      | p_01J0000000000000000000000A                                                                         |
      | 0                                                                                                    |
      | ünïcödé ☃ 🚀                                                                                         |
      | {nonce} and a / slash                                                                                |
      | a-long-nonce-of-a-hundred-and-more-characters-0123456789-0123456789-0123456789-0123456789-0123456789 |

  @arcp-6.4-02 @must @R6.4-1 @R6.4-5 @feature:heartbeat
  Scenario: Pings are answered while events pour in, and tear no hole in the numbers
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 400, "steps": [{"op": "log", "message": "${i}"}, {"op": "sleep", "ms": 1}]}, {"op": "return", "value": "done"}]
      """
    Then "A" pings 20 times, and each time gets a pong with its nonce
    And the messages of the "log" events of the job count from 0 to 399
    And the numbers of "A" have no gap
