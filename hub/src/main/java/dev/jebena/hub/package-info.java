/// Models on this machine and the places they come from.
@NullMarked
package dev.jebena.hub;

import org.jspecify.annotations.NullMarked;
