/// YAML files that people write, as JSON that still knows where each value stood, checked against a
/// JSON Schema. Start at [Document]. Used by the policy and by the gateway's configuration.
@NullMarked
package dev.nestor.policy.document;

import org.jspecify.annotations.NullMarked;
