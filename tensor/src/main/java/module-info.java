/** Tensors on the CPU: eager execution, derivatives, transformations of functions. */
module dev.jebena.tensor {
    requires static org.jspecify;
    requires transitive dev.jebena.compute;

    exports dev.jebena.tensor;
}
