package dev.jebena.tensor;

import static dev.jebena.tensor.OracleCases.s;

import java.util.ArrayList;
import java.util.List;

/// The matrix products, layers, transforms and factorizations that are compared with libtorch.
final class LayerOracleCases {
    private LayerOracleCases() {}

    private static OracleCase of(String name, String torch, Grad.Several ours, int[]... shapes) {
        return OracleCase.of(name, torch, ours, shapes);
    }

    static List<OracleCase> products() {
        List<OracleCase> cases = new ArrayList<>();
        int[][][] shapes = {
            {s(3, 4), s(4, 5)},
            {s(4), s(4)},
            {s(2, 3, 4), s(4)},
            {s(4), s(2, 4, 3)},
            {s(2, 1, 3, 4), s(5, 4, 2)},
            {s(2, 3, 4), s(4, 2)},
            {s(0, 4), s(4, 3)},
            {s(3, 0), s(0, 2)},
            {s(33, 70), s(70, 35)}
        };
        for (int[][] p : shapes) {
            String at = Shape.of(p[0]) + " " + Shape.of(p[1]);
            cases.add(of("matmul" + at, "torch.matmul(a0, a1)", in -> in[0].matmul(in[1]), p));
        }
        cases.add(
                of(
                        "einsum1",
                        "torch.einsum(\"bij,bjk->bik\", [a0, a1])",
                        in -> Tensors.einsum("bij,bjk->bik", in),
                        s(2, 3, 4),
                        s(2, 4, 5)));
        cases.add(
                of(
                        "einsum2",
                        "torch.einsum(\"ij,kj,k->i\", [a0, a1, a2])",
                        in -> Tensors.einsum("ij,kj,k->i", in),
                        s(2, 3),
                        s(4, 3),
                        s(4)));
        cases.add(
                of(
                        "einsum3",
                        "torch.einsum(\"iij->ji\", [a0])",
                        in -> Tensors.einsum("iij->ji", in),
                        s(3, 3, 2)));
        cases.add(
                of(
                        "einsum4",
                        "torch.einsum(\"...i,...i\", [a0, a1])",
                        in -> Tensors.einsum("...i,...i", in),
                        s(2, 3, 4),
                        s(3, 4)));
        cases.add(
                of(
                        "linear",
                        "torch.linear(a0, a1, a2)",
                        in -> in[0].linear(in[1], in[2]),
                        s(2, 3, 4),
                        s(5, 4),
                        s(5)));
        cases.add(
                of(
                        "attention",
                        "torch.scaled_dot_product_attention(a0, a1, a2)",
                        in -> in[0].attention(in[1], in[2], null, false),
                        s(2, 2, 5, 3),
                        s(2, 2, 7, 3),
                        s(2, 2, 7, 4)));
        cases.add(
                of(
                        "attentionCausal",
                        "torch.scaled_dot_product_attention(a0, a1, a2, None, 0., True)",
                        in -> in[0].attention(in[1], in[2], null, true),
                        s(2, 5, 3),
                        s(2, 5, 3),
                        s(2, 5, 3)));
        cases.add(
                of(
                        "attentionMask",
                        "torch.scaled_dot_product_attention(a0, a1, a2, a3)",
                        in -> in[0].attention(in[1], in[2], in[3], false),
                        s(2, 40, 3),
                        s(2, 300, 3),
                        s(2, 300, 3),
                        s(40, 300)));
        return cases;
    }

    static List<OracleCase> networks() {
        List<OracleCase> cases = new ArrayList<>();
        ConvOptions plain = ConvOptions.defaults();
        cases.add(
                of(
                        "conv1d",
                        "torch.conv1d(a0, a1, a2, [2], [1], [2], 1)",
                        in -> in[0].conv(in[1], in[2], plain.stride(2).padding(1).dilation(2)),
                        s(2, 3, 11),
                        s(4, 3, 3),
                        s(4)));
        cases.add(
                of(
                        "conv2d",
                        "torch.conv2d(a0, a1, None, [1, 1], [1, 0], [1, 1], 1)",
                        in -> in[0].conv(in[1], plain.padding(1, 0)),
                        s(2, 3, 6, 7),
                        s(5, 3, 3, 2)));
        cases.add(
                of(
                        "conv2dGroups",
                        "torch.conv2d(a0, a1, None, [2, 3], [2, 1], [1, 2], 2)",
                        in ->
                                in[0].conv(
                                        in[1],
                                        plain.stride(2, 3).padding(2, 1).dilation(1, 2).groups(2)),
                        s(2, 4, 9, 8),
                        s(6, 2, 3, 2)));
        cases.add(
                of(
                        "conv3d",
                        "torch.conv3d(a0, a1, None, [1, 2, 1], [1, 1, 1], [1, 1, 1], 1)",
                        in -> in[0].conv(in[1], plain.stride(1, 2, 1).padding(1)),
                        s(1, 2, 4, 5, 4),
                        s(3, 2, 2, 3, 2)));
        cases.add(
                of(
                        "convTranspose1d",
                        "torch.conv_transpose1d(a0, a1, a2, [2], [1], [1], 1, [2])",
                        in ->
                                in[0].convTranspose(
                                        in[1],
                                        in[2],
                                        plain.stride(2).padding(1).outputPadding(1).dilation(2)),
                        s(2, 3, 5),
                        s(3, 4, 3),
                        s(4)));
        cases.add(
                of(
                        "convTranspose2d",
                        "torch.conv_transpose2d(a0, a1, None, [2, 1], [0, 1], [0, 0], 2, [1, 1])",
                        in ->
                                in[0].convTranspose(
                                        in[1], plain.stride(2, 1).padding(0, 1).groups(2)),
                        s(2, 4, 3, 5),
                        s(4, 3, 3, 3)));
        cases.add(
                of(
                        "convTranspose3d",
                        "torch.conv_transpose3d(a0, a1, a2, [1, 2, 2], [0, 1, 1], [0, 1, 0], 2, [2, 1, 1])",
                        in ->
                                in[0].convTranspose(
                                        in[1],
                                        in[2],
                                        plain.stride(1, 2, 2)
                                                .padding(0, 1, 1)
                                                .outputPadding(0, 1, 0)
                                                .groups(2)
                                                .dilation(2, 1, 1)),
                        s(1, 4, 2, 3, 2),
                        s(4, 1, 2, 3, 2),
                        s(2)));
        cases.add(
                of(
                        "maxPool2d",
                        "torch.max_pool2d(a0, [2, 3], [2, 1], [1, 1])",
                        in -> in[0].maxPool(PoolOptions.of(2, 3).stride(2, 1).padding(1)),
                        s(2, 3, 6, 7)));
        cases.add(
                of(
                        "maxPoolCeil",
                        "torch.max_pool2d(a0, [3, 3], [2, 2], [0, 0], [1, 1], True)",
                        in -> in[0].maxPool(PoolOptions.of(3, 3).stride(2).ceil(true)),
                        s(1, 2, 6, 8)));
        cases.add(
                of(
                        "maxPool1d",
                        "torch.max_pool1d(a0, [2], [1], [0], [2])",
                        in -> in[0].maxPool(PoolOptions.of(2).stride(1).dilation(2)),
                        s(2, 3, 9)));
        cases.add(
                of(
                        "avgPool2d",
                        "torch.avg_pool2d(a0, [3, 2], [2, 2], [1, 1])",
                        in -> in[0].avgPool(PoolOptions.of(3, 2).stride(2).padding(1)),
                        s(2, 3, 6, 7)));
        cases.add(
                of(
                        "avgPoolCeil",
                        "torch.avg_pool2d(a0, [3, 3], [2, 2], [1, 1], True, False)",
                        in ->
                                in[0].avgPool(
                                        PoolOptions.of(3, 3)
                                                .stride(2)
                                                .padding(1)
                                                .ceil(true)
                                                .countPadding(false)),
                        s(1, 2, 6, 8)));
        cases.add(
                of(
                        "adaptiveAvg",
                        "torch.adaptive_avg_pool2d(a0, [3, 4])",
                        in -> in[0].adaptiveAvgPool(3, 4),
                        s(2, 2, 7, 9)));
        cases.add(
                of(
                        "adaptiveMax",
                        "(torch.adaptive_max_pool2d(a0, [3, 4]))[0]",
                        in -> in[0].adaptiveMaxPool(3, 4),
                        s(2, 2, 7, 9)));
        cases.add(
                of(
                        "layerNorm",
                        "torch.layer_norm(a0, [4, 5], a1, a2)",
                        in -> in[0].layerNorm(in[1], in[2], 1e-5),
                        s(3, 4, 5),
                        s(4, 5),
                        s(4, 5)));
        cases.add(
                of(
                        "groupNorm",
                        "torch.group_norm(a0, 2, a1, a2)",
                        in -> in[0].groupNorm(2, in[1], in[2], 1e-5),
                        s(3, 4, 5),
                        s(4),
                        s(4)));
        cases.add(
                of(
                        "batchNorm",
                        "torch.batch_norm(a0, a1, a2, None, None, True, 0.1, 1e-5, False)",
                        in -> in[0].batchNorm(in[1], in[2], 1e-5),
                        s(3, 4, 5),
                        s(4),
                        s(4)));
        cases.add(
                of(
                        "rmsNorm",
                        "torch.rms_norm(a0, [5], a1, 1e-5)",
                        in -> in[0].rmsNorm(in[1], 1e-5),
                        s(3, 4, 5),
                        s(5)));
        Tensor classes = Tensor.of(new long[] {1, 3, 0});
        cases.add(
                of(
                                "crossEntropy",
                                "torch.cross_entropy_loss(a0, x[1])",
                                in -> in[0].crossEntropy(in[1]),
                                s(3, 4))
                        .with(classes));
        cases.add(
                of(
                                "crossEntropySmooth",
                                "torch.cross_entropy_loss(a0, x[1], None, 1, 3, 0.2)",
                                in -> in[0].crossEntropy(in[1], 0.2, 3),
                                s(3, 4))
                        .with(classes)
                        .derivatives(1));
        cases.add(
                of("mse", "torch.mse_loss(a0, a1)", in -> in[0].mseLoss(in[1]), s(3, 4), s(3, 4)));
        cases.add(
                of(
                                "huber",
                                "torch.huber_loss(a0, a1, 1, 0.7)",
                                in -> in[0].huberLoss(in[1], 0.7),
                                s(3, 4),
                                s(3, 4))
                        .derivatives(1));
        cases.add(
                of(
                        "bceLogits",
                        "torch.binary_cross_entropy_with_logits(a0, torch.sigmoid(a1))",
                        in -> in[0].bceWithLogitsLoss(in[1].sigmoid()),
                        s(3, 4),
                        s(3, 4)));
        cases.add(of("glu", "torch.glu(a0, 1)", in -> in[0].glu(1), s(3, 6)));
        cases.add(
                of(
                        "bilinear",
                        "torch.upsample_bilinear2d(a0, [7, 5], False)",
                        in -> in[0].interpolate(Resampling.Mode.LINEAR, false, 7, 5),
                        s(1, 2, 4, 9)));
        cases.add(
                of(
                        "bilinearAlign",
                        "torch.upsample_bilinear2d(a0, [7, 5], True)",
                        in -> in[0].interpolate(Resampling.Mode.LINEAR, true, 7, 5),
                        s(1, 2, 4, 9)));
        cases.add(
                of(
                        "bicubic",
                        "torch.upsample_bicubic2d(a0, [7, 5], False)",
                        in -> in[0].interpolate(Resampling.Mode.CUBIC, false, 7, 5),
                        s(1, 2, 4, 9)));
        cases.add(
                of(
                        "nearest",
                        "torch.upsample_nearest2d(a0, [7, 5])",
                        in -> in[0].interpolate(Resampling.Mode.NEAREST, false, 7, 5),
                        s(1, 2, 4, 9)));
        return cases;
    }

    static List<OracleCase> algebra() {
        List<OracleCase> cases = new ArrayList<>();
        for (int n : new int[] {1, 4, 7, 8, 12}) {
            int[] p = s(2, n);
            cases.add(
                    of(
                            "rfft" + n,
                            "torch.view_as_real(torch.fft_rfft(a0))",
                            in -> in[0].rfft(-1),
                            p));
            cases.add(
                    of(
                            "fft" + n,
                            "torch.view_as_real(torch.fft_fft(torch.view_as_complex(a0)))",
                            in -> in[0].fft(0),
                            s(n, 2)));
            cases.add(
                    of(
                            "ifft" + n,
                            "torch.view_as_real(torch.fft_ifft(torch.view_as_complex(a0)))",
                            in -> in[0].ifft(0),
                            s(n, 2)));
            cases.add(
                    of(
                            "irfft" + n,
                            "torch.fft_irfft(torch.view_as_complex(a0), " + n + ")",
                            in -> in[0].irfft(0, n),
                            s(n / 2 + 1, 2)));
        }
        cases.add(
                of(
                        "cholesky",
                        "torch.linalg_cholesky(torch.add(torch.matmul(a0, torch.transpose(a0, 1, 2)), torch.mul(torch.eye(4, dtype=7), 2.)))",
                        in ->
                                in[0].matmul(in[0].t())
                                        .add(Tensor.eye(4, DType.FLOAT64).mul(2))
                                        .cholesky(),
                        s(2, 4, 4)));
        cases.add(
                of(
                        "solve",
                        "torch.linalg_solve(a0, a1)",
                        in -> in[0].solve(in[1]),
                        s(2, 4, 4),
                        s(2, 4, 3)));
        cases.add(
                of(
                        "solveVector",
                        "torch.linalg_solve(a0, a1)",
                        in -> in[0].solve(in[1]),
                        s(4, 4),
                        s(4)));
        cases.add(
                of(
                        "triangularSolve",
                        "torch.linalg_solve_triangular(torch.add(torch.tril(a0), torch.mul(torch.eye(4, dtype=7), 5.)), a1, upper=False)",
                        in ->
                                in[0].tril(0)
                                        .add(Tensor.eye(4, DType.FLOAT64).mul(5))
                                        .triangularSolve(in[1], false, false),
                        s(2, 4, 4),
                        s(2, 4, 3)));
        cases.add(of("inverse", "torch.linalg_inv(a0)", in -> in[0].inverse(), s(3, 3)));
        cases.add(of("det", "torch.linalg_det(a0)", in -> in[0].det(), s(2, 3, 3)));
        cases.add(
                of(
                        "slogdet",
                        "(torch.linalg_slogdet(a0))[1]",
                        in -> in[0].slogdet().logarithm(),
                        s(2, 3, 3)));
        cases.add(of("qrQ", "(torch.linalg_qr(a0))[0]", in -> in[0].qr().q(), s(5, 3)));
        cases.add(of("qrR", "(torch.linalg_qr(a0))[1]", in -> in[0].qr().r(), s(2, 3, 5)));
        cases.add(
                of("svdS", "(torch.linalg_svd(a0, False))[1]", in -> in[0].svd().s(), s(2, 5, 3)));
        cases.add(
                of(
                                "svdProjection",
                                "torch.matmul(torch.slice((torch.linalg_svd(a0, False))[0], 1, 0, 1, 1), torch.slice((torch.linalg_svd(a0, False))[2], 0, 0, 1, 1))",
                                in ->
                                        in[0].svd()
                                                .u()
                                                .slice(1, 0, 1)
                                                .matmul(in[0].svd().vh().slice(0, 0, 1)),
                                s(5, 3))
                        .derivatives(1));
        cases.add(
                of(
                        "eighValues",
                        "(torch.linalg_eigh(torch.add(a0, torch.transpose(a0, 0, 1))))[0]",
                        in -> in[0].add(in[0].t()).eigh().values(),
                        s(4, 4)));
        cases.add(
                of(
                        "eighSquares",
                        "torch.square((torch.linalg_eigh(torch.add(a0, torch.transpose(a0, 0, 1))))[1])",
                        in -> in[0].add(in[0].t()).eigh().vectors().square(),
                        s(4, 4)));
        return cases;
    }
}
