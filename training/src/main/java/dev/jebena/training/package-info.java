/// Training by a file: a [dev.jebena.training.Recipe] says in TOML what to learn from, with which
/// network, optimizer, schedule and seed; [dev.jebena.training.Training] does it.
///
/// ```java
/// TrainingReport report = Training.of(Recipe.load(Path.of("digits.toml"))).run();
/// ```
@NullMarked
package dev.jebena.training;

import org.jspecify.annotations.NullMarked;
