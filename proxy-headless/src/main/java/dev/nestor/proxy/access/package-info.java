/// Access for a while: who lacks a scope asks for it, people of the group that the policy names
/// agree, and the requester gets a credential of its own that holds the scope until the window
/// ends. Start at [dev.nestor.proxy.access.AccessRequests].
///
/// A request is for one holder. What it is given cannot be handed on to a child: each nested agent
/// asks for itself.
@NullMarked
package dev.nestor.proxy.access;

import org.jspecify.annotations.NullMarked;
