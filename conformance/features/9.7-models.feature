Feature: §9.7 Model capability
  A model that no pattern of model.use matches is PERMISSION_DENIED. Globs are judged where every reading of them agrees.

  @arcp-9.7-01 @must @R9.7-1 @feature:model.use
  Scenario Outline: <outside> is outside <patterns>
    Given a session "A"
    When "A" submits a job under the lease {"model.use": <patterns>} that does:
      """
      [{"op": "model", "name": "<inside>", "call_id": "before"}, {"op": "model", "name": "<outside>", "call_id": "outside"}, {"op": "model", "name": "<inside>", "call_id": "after"}, {"op": "return", "value": "on"}]
      """
    Then the call "before" has a result
    And the call "outside" is refused with PERMISSION_DENIED
    And the call "after" has a result
    And the job has the result "on"
    And "A" still answers

    Examples:
      | patterns                                      | inside                        | outside                     |
      | ["gpt-4o-2024-08-06"]                         | gpt-4o-2024-08-06             | gpt-4o                      |
      | ["gpt-4o-2024-08-06"]                         | gpt-4o-2024-08-06             | gpt-4o-2024-08-06-preview   |
      | ["tier-fast/*"]                               | tier-fast/small               | tier-slow/large             |
      | ["tier-fast/*"]                               | tier-fast/small               | tier-fastest/small          |
      | ["anthropic/claude-3-haiku-*"]                | anthropic/claude-3-haiku-2024 | anthropic/claude-3-opus-2024 |
      | ["tier-fast/*", "anthropic/claude-3-haiku-*"] | anthropic/claude-3-haiku-2024 | openai/gpt-4o               |
      | ["tier-fast/*", "anthropic/claude-3-haiku-*"] | tier-fast/small               | claude-3-haiku-2024         |

  @arcp-9.7-02 @must @R9.7-1 @R9.3-2 @feature:model.use
  Scenario: A model among the tools is a tool, and a tool among the models a model
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search", "large"], "model.use": ["small"]} that does:
      """
      [{"op": "model", "name": "small", "call_id": "model"}, {"op": "tool", "name": "search", "call_id": "tool"}, {"op": "model", "name": "large", "call_id": "no model"}, {"op": "tool", "name": "small", "call_id": "no tool"}, {"op": "return", "value": "on"}]
      """
    Then the call "model" has a result
    And the call "tool" has a result (R9.3-1)
    And the call "no model" is refused with PERMISSION_DENIED
    And the call "no tool" is refused with PERMISSION_DENIED (R9.3-2)

  @arcp-9.7-03 @must @R9.7-1 @feature:model.use
  Scenario: A denial that ends the job is an error
    Given a session "A"
    When "A" submits a job under the lease {"model.use": ["small"]} that does:
      """
      [{"op": "model", "name": "small", "call_id": "inside"}, {"op": "model", "name": "large", "call_id": "outside", "fatal": true}, {"op": "return", "value": "never told"}]
      """
    Then the call "inside" has a result
    And the call "outside" is refused with PERMISSION_DENIED
    And the job ends with the error PERMISSION_DENIED
    And a job of "A" still works

  @arcp-9.7-04 @may @R9.7-1 @feature:model.use
  Scenario: A lease that says nothing of models
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} that does:
      """
      [{"op": "model", "name": "small", "call_id": "unnamed"}, {"op": "return", "value": "on"}]
      """
    Then it is noted whether the call "unnamed" is allowed
    And a job of "A" still works
