//! Multiples of points, against other people's and against the laws of a group.

use super::*;
use crate::curve::Numbers;
use crate::parameters::*;
use crypto_bigint::U256;
use proptest::prelude::*;

fn big<const LIMBS: usize>(hex: &str) -> Uint<LIMBS> {
    Uint::from_be_hex(hex)
}

fn at<const LIMBS: usize>(domain: &Domain<LIMBS>, x: &str, y: &str) -> Point<LIMBS> {
    let key = Coordinates {
        x: big(x),
        y: big(y),
    };
    assert!(domain.contains(key));
    assert!(domain.is_in_group(key));
    domain.point(key)
}

/// Asserts `number·point = [x, y]`.
fn check<const LIMBS: usize>(
    domain: &Domain<LIMBS>,
    point: Point<LIMBS>,
    number: &str,
    [x, y]: [&str; 2],
) {
    let product = sum_of_products([(big(number), point)], &domain.a);
    assert_eq!((product.x(), product.y()), (Some(big(x)), Some(big(y))));
}

/// RFC 8133, appendix A: on each curve a point `Q_ind` times a number, and a number times the
/// generator.
#[test]
fn products_are_those_of_rfc_8133() {
    check(
        &CRYPTO_PRO_A,
        at(
            &CRYPTO_PRO_A,
            "a69d51caf1a309fa9e9b66187759b0174c274e080356f23cfcbfe84d396ad7bb",
            "5d26f29ecc2e9ac0404dcf7986fa55fe94986362170f54b9616426a659786dac",
        ),
        "677012186f6c32d392f77451a29a09d0714e72e2d15b15988eb149713f6704bd",
        [
            "59495655d1e7c7424c622485f575ccf121f3122d274101e8ab734cc9c9a9b45e",
            "48d1c311d33c9b701f3b03618562a4a07a044e3af31e3999e67b487778b53c62",
        ],
    );
    check(
        &CRYPTO_PRO_A,
        CRYPTO_PRO_A.generator,
        "1f2538097d5a031fa68bbb43c84d12b3de47b7061c0d5e24993e0c873cdba6b3",
        [
            "bbc77cf42dc1e62d06227935379b4aa4d14fea4f565ddf4cb4fa4d31579f9676",
            "8e16604a4afdf28246684d4996274781f6cb80abbba1414c1513ec988509dabf",
        ],
    );
    check(
        &CRYPTO_PRO_B,
        at(
            &CRYPTO_PRO_B,
            "3d715a874a4b17cb3b517893a9794a2b36c89d2ffc693f01ee4cc27e7f49e399",
            "1c5a641fcf7ce7e87cdf8cea38f3db3096eace2fad158384b53953365f4fe7fe",
        ),
        "677012186f6c32d392f77451a29a09d0714e72e2d15b15988eb149713f6704bd",
        [
            "6dc2ae26bc691fca5a73d9c452790d15e34ba5404d92955b914c8d2662abb985",
            "3b02aaa9dd65ae30c335ced12f3154bbac059f66b088306747453edf6e5db077",
        ],
    );
    check(
        &CRYPTO_PRO_B,
        CRYPTO_PRO_B.generator,
        "499d72b90299cab0da1f8be19d9122f622a13b32b730c46bd0664044f2144fad",
        [
            "61d6f916db717222d74877f179f7ebef7cd4d24d8c1f523c048e34a1df30f8dd",
            "3ec48863049cfcfe662904082e78503f4973a4e105e2f1b18c69a5e7fb209000",
        ],
    );
    check(
        &CRYPTO_PRO_C,
        at(
            &CRYPTO_PRO_C,
            "1e36383e43bb6cfa2917167d71b7b5dd3d6d462b43d7c64282ae67dfbec2559d",
            "137478a9f721c73932ea06b45cf72e37eb78a63f29a542e563c614650c8b6399",
        ),
        "677012186f6c32d392f77451a29a09d0714e72e2d15b15988eb149713f6704bd",
        [
            "945821daf91e158b839939630655a3b21ff3e146d27041e86c05650eb3b46b59",
            "3a0c2816ac97421fa0e879605f17f0c9c3eb734cff196937f6284438d70bdc48",
        ],
    );
    check(
        &CRYPTO_PRO_C,
        CRYPTO_PRO_C.generator,
        "3a54ac3f19ad9d0b1eac8acdcea70e581f1dac33d13feafd81e762378639c1a8",
        [
            "96b7f09c94d297c257a7da48364c0076e59e48d221cba604ae111ca3933b446a",
            "54e4953d86b77ecceb578500931e822300f7e091f79592ca202a020d762c34a6",
        ],
    );
    check(
        &TC26_A_512,
        at(
            &TC26_A_512,
            "2a17f8833a32795327478871b5c5e88aefb91126c64b4b8327289bea62559425\
         d18198f133f400874328b220c74497cd240586cb249e158532cb8090776cd61c",
            "728f0c4a73b48da41ce928358fad26b47a6e094e9362bae82559f83cddc4ec3a\
         4676bd3707edeaf4cd85e99695c64c241edc622be87dc0cf87f51f4367f723c5",
        ),
        "02a7abd50f5f9ffd5d690d5200d260ee228120c692174526dafd0e93e313621c\
         677012186f6c32d392f77451a29a09d0714e72e2d15b15988eb149713f6704bd",
        [
            "0c0ab53d0e0a9c607cad758f558915a0a7dc5dc87b45e9a58fddf30ec3385960\
         283e030cd322d9e46b070637785fd49d2cd711f46807a24c40af9a42c8e2d740",
            "df93a8012b86d3a3d4f8a4d487da15fc739eb31b20b3b0e8c8c032aaf8072c63\
         37cf7d5b404719e5b4407c41d9a3216a08ca69c271484e9ed72b8aaa52e28b8b",
        ],
    );
    check(
        &TC26_A_512,
        TC26_A_512.generator,
        "3ce54325db52fe798824aead11bb16fa766857d04a4af7d468672f16d90e7396\
         046a46f815693e85b1ce5464da9270181f82333b0715057bbe8d61d400505f0e",
        [
            "b93093eb0fcc463239b7df276e09e592fcfc9b635504ea4531655d76a0a3078e\
         2b4e51cfe2fa400cc5de9fbe369db204b3e8ed7edd85ee5cca654c1aed70e396",
            "809770b8d910ea30bd2fa89736e91dc31815d2d9b31128077eedc371e9f69466\
         f497dc64dd5b1fadc587f860ee256109138c4a9cd96b628e65a8f590520fc882",
        ],
    );
    check(
        &TC26_B_512,
        at(
            &TC26_B_512,
            "7e1fae8285e035bec244bef2d0e5ebf436633cf50e55231dea9c9cf21d4c8c33\
         df85d4305de92971f0a4b4c07e00d87bdbc720eb66e49079285aaf12e0171149",
            "2cc89998b875d4463805ba0d858a196592db20ab161558ff2f4ef7a85725d209\
         53967ae621afdeae89bb77c83a2528ef6fce02f68bda4679d7f2704947dbc408",
        ),
        "02a7abd50f5f9ffd5d690d5200d260ee228120c692174526dafd0e93e313621c\
         677012186f6c32d392f77451a29a09d0714e72e2d15b15988eb149713f6704bd",
        [
            "7d03e65b8050d1e12cbb601a17b9273b0e728f5021cd47c8a4dd822e4627ba5f\
         9c696286a2cdda9a065509866b4dededc4a118409604ad549f87a60afa621161",
            "16037dad45421ec50b00d50bdc6ac3b85348bc1d3a2f85db27c3373580fef87c\
         2c743b7ed30f22be22958044e716f93a61ca3213a361a2797a16a3ae62957377",
        ],
    );
    check(
        &TC26_B_512,
        TC26_B_512.generator,
        "715e893fa639bf341296e0623e6d29dadf26b163c278767a7982a989462a3863\
         fe12aef8bd403d59c4dc4720570d4163db0805c7c10c4e818f9cb785b04b9997",
        [
            "10c479ea1c04d3c2c02b0576a9c42d96226ff033c1191436777f66916030d87d\
         02fb93738ed7669d07619ffce7c1f3c4db5e5df49e2186d6fa1e2eb5767602b9",
            "039f6044191404e707f26d59d979136a831cce43e1c5f0600d1ddf8f39d0ca3d\
         52fbd943bf04ddced1aa2ce8f5ebd7487acdef239c07d015084d796784f35436",
        ],
    );
    check(
        &TC26_A_256,
        at(
            &TC26_A_256,
            "b51adf93a40ab15792164fad3352f95b66369eb2a4ef5efae32829320363350e",
            "74a358cc08593612f5955d249c96afb7e8b0bb6d8bd2bbe491046650d822be18",
        ),
        "677012186f6c32d392f77451a29a09d0714e72e2d15b15988eb149713f6704bd",
        [
            "dbf99827078956812fa48c6e695df589def1d18a2d4d35a96d75bf6854237629",
            "9fddd48bfbc57bee1da0cff282884f284d471b388893c48f5ecb02fc18d67589",
        ],
    );
    check(
        &TC26_A_256,
        TC26_A_256.generator,
        "147b72f6684fb8fd1b418a899f7dbecaf5fce60b13685baa95328654a7f0707f",
        [
            "33fbac14eae538275a769417829c431bd9fa622b6f02427ef55bd60ee6bc2888",
            "22f2ebcf960a82e6cdb4042d3ddda511b2fba925383c2273d952ea2d406eae46",
        ],
    );
    check(
        &TC26_C_512,
        at(
            &TC26_C_512,
            "489c91784e02e98f19a803abca319917f37689e5a18965251ce2ff4e8d8b298f\
         5ba7470f9e0e713487f96f4a8397b3d09a270c9d367eb5e0e6561adeeb51581d",
            "684ea885aca64eaf1b3fee36c0852a3be3bd8011b0ef18e203ff87028d6eb5db\
         2c144a0dcc71276542bfd72ca2a43fa4f4939da66d9a60793c704a8c94e16f18",
        ),
        "02a7abd50f5f9ffd5d690d5200d260ee228120c692174526dafd0e93e313621c\
         677012186f6c32d392f77451a29a09d0714e72e2d15b15988eb149713f6704bd",
        [
            "0185ae6271a81bb7f236a955f7caa26fb63849813c0287d96c83a15ae6b6a864\
         67ab13b6d88ce8cd7dc2e5b97ff5f28fac2c108f2a3cf3db5515c9e6d7d210e8",
            "ed0220f92ef771a71c64ecc77986db7c03d37b3e2ab3e83f32ce5e074a762ec0\
         8253c9e2102b87532661275c4b1d16d2789cdabc58acfdf7318de70ab64f09b8",
        ],
    );
    check(
        &TC26_C_512,
        TC26_C_512.generator,
        "332f930421d14cfe260042159f18e49fd5a54167e94108ad80b1de60b13de799\
         9a34d611e63f3f870e5110247df8ec7466e648acf385e52ccb889abf491edff0",
        [
            "561655966d52952e805574f4281f1ed3a2d498932b00cba9decb42837f09835b\
         ffbfe2d84d6b6b242fe7b57f92e1a6f2413e12ddd6383e4437e13d72693469ad",
            "f6b18328b2715bd7f4178615273a36135bc0bf62f7d8bb9f080164ad36470ad0\
         3660f51806c64c6691badef30f793720f8e3feaed631d6a54a4c372dcbf80e82",
        ],
    );
}

/// Goal: no pair of small multiples is special by accident: not equal ones, not opposite ones, not
/// infinity. Method: all of them, each beside the multiple that the sum must be.
fn small_multiples_add<const LIMBS: usize>(domain: &Domain<LIMBS>) {
    let order = domain.order.modulus().as_ref();
    let small = |number: i64| {
        let magnitude = Uint::from_u64(number.unsigned_abs());
        if number < 0 {
            order.wrapping_sub(&magnitude)
        } else {
            magnitude
        }
    };
    let place = |point: Point<LIMBS>| (point.x(), point.y());
    let single = |number| sum_of_products([(small(number), domain.generator)], &domain.a);
    for m in -3..=3 {
        for n in -3..=3 {
            let expected = place(single(m + n));
            let sum = [(Uint::ONE, single(m)), (Uint::ONE, single(n))];
            assert_eq!(place(sum_of_products(sum, &domain.a)), expected, "{m} {n}");
            let together = [(small(m), domain.generator), (small(n), domain.generator)];
            assert_eq!(
                place(sum_of_products(together, &domain.a)),
                expected,
                "{m} {n}"
            );
            assert_eq!(expected.0.is_none(), m + n == 0, "{m} {n}");
        }
    }
}

#[test]
fn small_multiples_add_on_curves_of_both_sizes_and_cofactors() {
    small_multiples_add(&CRYPTO_PRO_B);
    small_multiples_add(&TC26_A_256);
    small_multiples_add(&TC26_C_512);
}

/// Fermat's test to two bases, which no misprint passes.
fn is_prime<const LIMBS: usize>(modulus: &FixedMontyParams<LIMBS>) -> bool {
    let less = modulus.modulus().wrapping_sub(&Uint::ONE);
    [2, 3].into_iter().all(|base| {
        let base = Element::new(&Uint::from_u8(base), modulus);
        base.pow_vartime(&less) == Element::one(modulus)
    })
}

/// The moduli are prime, the generator lies on its curve and has the order that is claimed, and so
/// has every other point times the cofactor: three of them, where a square root is one power.
fn numbers_are_sound<const LIMBS: usize>(domain: &Domain<LIMBS>) {
    assert!(is_prime(&domain.field) && is_prime(&domain.order));
    let (x, y) = (domain.generator.x(), domain.generator.y());
    let (x, y) = x.zip(y).expect("the generator is not infinity");
    assert!(domain.contains(Coordinates { x, y }));
    let order = *domain.order.modulus().as_ref();
    let times_order = |point| sum_of_products([(order, point)], &domain.a);
    assert!(times_order(domain.generator).is_infinity());

    let prime = domain.field.modulus().as_ref();
    if prime.as_words()[0] % 4 != 3 {
        return;
    }
    let quarter = prime.shr_vartime(2).wrapping_add(&Uint::ONE);
    let points = (0..u8::MAX).filter_map(|x| {
        let x = Element::new(&Uint::from_u8(x), &domain.field);
        let y = ((x.square() + domain.a) * x + domain.b).pow_vartime(&quarter);
        let key = Coordinates {
            x: x.retrieve(),
            y: y.retrieve(),
        };
        domain.contains(key).then(|| domain.point(key))
    });
    for point in points.take(3) {
        let cofactor = Uint::from_u8(domain.cofactor);
        let rest = sum_of_products([(cofactor, times_order(point))], &domain.a);
        assert!(rest.is_infinity());
    }
}

#[test]
fn the_numbers_of_every_curve_are_sound() {
    for curve in crate::Curve::ALL {
        match curve.numbers() {
            Numbers::Short(domain) => numbers_are_sound(domain),
            Numbers::Wide(domain) => numbers_are_sound(domain),
        }
    }
}

proptest! {
    /// `m·G + n·G` is `(m + n)·G`, and `m·(n·G)` is `(m·n)·G`.
    #[test]
    fn products_are_linear(m in any::<[u8; 32]>(), n in any::<[u8; 32]>()) {
        let domain = &TC26_A_256;
        let number = |bytes: &[u8]| Element::new(&Uint::from_le_slice(bytes), &domain.order);
        let (m, n) = (number(&m), number(&n));
        let times = |number: Element<{ U256::LIMBS }>, point| {
            sum_of_products([(number.retrieve(), point)], &domain.a)
        };
        let generator = domain.generator;
        let sum = [(m.retrieve(), generator), (n.retrieve(), generator)];
        let sum = sum_of_products(sum, &domain.a);
        prop_assert_eq!(sum.x(), times(m + n, generator).x());
        prop_assert_eq!(times(m, times(n, generator)).x(), times(m * n, generator).x());
    }
}
