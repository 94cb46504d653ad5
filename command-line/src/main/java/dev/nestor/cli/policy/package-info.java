/// `nestor policy`: checks a policy, and explains what it makes of a statement. Start at
/// [PolicyCommand].
@NullMarked
package dev.nestor.cli.policy;

import org.jspecify.annotations.NullMarked;
