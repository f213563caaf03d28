package dev.jebena.formats;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a pickle may name: the complete list of what can happen while one is read. Methods throw
/// [IllegalArgumentException] for what is not allowed.
interface PickleGlobals {
    /// What calling a name does.
    @FunctionalInterface
    interface Callable {
        @Nullable Object call(List<? extends @Nullable Object> arguments);
    }

    /// An object of a class that is only a name and fields.
    record Instance(String className, Map<Object, @Nullable Object> fields) {
        Instance(String className) {
            this(className, new LinkedHashMap<>());
        }

        // Fields may hold the instance itself.
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return className;
        }
    }

    /// What `module.name` stands for; often a [Callable].
    Object global(String module, String name);

    /// What lies outside of the pickle under `id`.
    Object persistent(@Nullable Object id);
}
