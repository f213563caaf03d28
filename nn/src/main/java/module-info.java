/** Layers, losses, optimizers and the training loop over tensors. */
module dev.jebena.nn {
    requires static org.jspecify;
    requires transitive dev.jebena.tensor;
    requires dev.jebena.formats;

    exports dev.jebena.nn;
}
