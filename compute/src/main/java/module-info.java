/** Memory, block formats of weights, and the kernels that compute with them. */
module dev.jebena.compute {
    requires static org.jspecify;
    requires static jdk.incubator.vector;

    exports dev.jebena.compute;
}
