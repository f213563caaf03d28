/// Programs of one file each that show the libraries at work.
@NullMarked
package dev.jebena.examples;

import org.jspecify.annotations.NullMarked;
