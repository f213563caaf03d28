/// Fakes for tests: small public classes that keep the contracts of what they stand for.
///
/// [dev.jebena.testkit.FakeLlm] answers at once without a model; [dev.jebena.testkit.TinyGguf]
/// writes a model file that can be listed and stored, but not run.
@NullMarked
package dev.jebena.testkit;

import org.jspecify.annotations.NullMarked;
