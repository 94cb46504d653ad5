/// Composes the features into one window: places, menus, commands, dialogs, status. Start at
/// [Workbench]; [WorkbenchView] shows it.
///
/// **Threads.** Every property is read and written on the JavaFX application thread.
@NullMarked
package dev.nestor.review.app;

import org.jspecify.annotations.NullMarked;
