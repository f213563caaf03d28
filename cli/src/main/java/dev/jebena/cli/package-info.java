/// The jebena command.
@NullMarked
package dev.jebena.cli;

import org.jspecify.annotations.NullMarked;
