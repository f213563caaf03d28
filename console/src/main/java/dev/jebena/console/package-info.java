/// The web pages.
@NullMarked
package dev.jebena.console;

import org.jspecify.annotations.NullMarked;
