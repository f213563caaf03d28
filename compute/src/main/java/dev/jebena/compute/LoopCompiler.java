package dev.jebena.compute;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// Makes a hidden class of a [LoopCode]:
///
/// ```java
/// void run(long[] at, int n) {
///     vectors(at, n & -16);         // absent without the Vector API
///     numbers(at, n & -16, n);
/// }
/// ```
///
/// The rest behind whole vectors is done number by number rather than with masks: masked loads of
/// memory segments are slow on CPUs without AVX-512, and in code that the compiler has not reached
/// yet. Both methods do the same IEEE operations, so which does an element does not show.
final class LoopCompiler {
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    static final ClassDesc UNARY = ClassDesc.of(DoubleUnaryOperator.class.getName());
    static final ClassDesc BINARY = ClassDesc.of(DoubleBinaryOperator.class.getName());

    private static final boolean VECTORS = vectors();

    private LoopCompiler() {}

    private static boolean vectors() {
        String wish = System.getProperty(KernelLookup.PROPERTY, "");
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && !wish.equals("scalar");
    }

    static NumberLoop compile(LoopCode code) {
        boolean vectors = VECTORS && code.hasVectors() && VectorLoop.fits(code);
        ClassDesc self = ClassDesc.of(LoopCompiler.class.getPackageName(), "Loop");
        byte[] bytes = write(self, code, vectors);
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
            MethodType constructor =
                    MethodType.methodType(
                            void.class, DoubleUnaryOperator[].class, DoubleBinaryOperator[].class);
            return (NumberLoop)
                    lookup.findConstructor(lookup.lookupClass(), constructor)
                            .invoke(
                                    code.unary().toArray(DoubleUnaryOperator[]::new),
                                    code.binary().toArray(DoubleBinaryOperator[]::new));
        } catch (Throwable e) {
            throw new IllegalStateException("a generated loop does not load: " + code, e);
        }
    }

    private static byte[] write(ClassDesc self, LoopCode code, boolean vectors) {
        MethodTypeDesc numbers =
                MethodTypeDesc.of(
                        ConstantDescs.CD_void,
                        LONGS,
                        ConstantDescs.CD_int,
                        ConstantDescs.CD_int,
                        UNARY.arrayType(),
                        BINARY.arrayType());
        MethodTypeDesc lanes =
                MethodTypeDesc.of(ConstantDescs.CD_void, LONGS, ConstantDescs.CD_int);
        return ClassFile.of()
                .build(
                        self,
                        type -> {
                            type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
                            type.withInterfaceSymbols(ClassDesc.of(NumberLoop.class.getName()));
                            type.withField("unary", UNARY.arrayType(), ClassFile.ACC_FINAL);
                            type.withField("binary", BINARY.arrayType(), ClassFile.ACC_FINAL);
                            type.withMethodBody(
                                    ConstantDescs.INIT_NAME,
                                    MethodTypeDesc.of(
                                            ConstantDescs.CD_void,
                                            UNARY.arrayType(),
                                            BINARY.arrayType()),
                                    0,
                                    body -> constructor(self, body));
                            type.withMethodBody(
                                    "run",
                                    lanes,
                                    ClassFile.ACC_PUBLIC,
                                    body -> run(self, vectors, lanes, numbers, body));
                            type.withMethodBody(
                                    "numbers",
                                    numbers,
                                    ClassFile.ACC_STATIC,
                                    body -> new ScalarLoop(code, body).write());
                            if (vectors) {
                                type.withMethodBody(
                                        "vectors",
                                        lanes,
                                        ClassFile.ACC_STATIC,
                                        body -> new VectorLoop(code, body).write());
                            }
                        });
    }

    private static void constructor(ClassDesc self, CodeBuilder body) {
        body.aload(0)
                .invokespecial(
                        ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                .aload(0)
                .aload(1)
                .putfield(self, "unary", UNARY.arrayType())
                .aload(0)
                .aload(2)
                .putfield(self, "binary", BINARY.arrayType())
                .return_();
    }

    private static void run(
            ClassDesc self,
            boolean vectors,
            MethodTypeDesc lanes,
            MethodTypeDesc numbers,
            CodeBuilder body) {
        if (vectors) {
            body.aload(1)
                    .iload(2)
                    .loadConstant(-Kernels.LANES)
                    .iand()
                    .invokestatic(self, "vectors", lanes);
            body.aload(1).iload(2).loadConstant(-Kernels.LANES).iand();
        } else {
            body.aload(1).iconst_0();
        }
        body.iload(2)
                .aload(0)
                .getfield(self, "unary", UNARY.arrayType())
                .aload(0)
                .getfield(self, "binary", BINARY.arrayType())
                .invokestatic(self, "numbers", numbers)
                .return_();
    }
}
