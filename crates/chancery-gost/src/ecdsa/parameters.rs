//! The curves of RFC 5639 that ECDSA is verified on here, and their numbers as the standard prints
//! them. Each is checked as those of `parameters` are.

use crypto_bigint::{U256, U384, U512};

use crate::domain::{Domain, Printed};

/// RFC 5639, 3.4: brainpoolP256t1.
pub(crate) static P256_T1: Domain<{ U256::LIMBS }> = Domain::new(&Printed {
    p: "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
    a: "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5374",
    b: "662c61c430d84ea4fe66a7733d0b76b7bf93ebc4af2f49256ae58101fee92b04",
    q: "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
    x: "a3e8eb3cc1cfe7b7732213b23a656149afa142c47aafbc2b79a191562e1305f4",
    y: "2d996c823439c56d7f7b22e14644417e69bcb6de39d027001dabe8f35b25c9be",
    cofactor: 1,
});

/// RFC 5639, 3.6: brainpoolP384t1.
pub(crate) static P384_T1: Domain<{ U384::LIMBS }> = Domain::new(&Printed {
    p: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123\
            acd3a729901d1a71874700133107ec53",
    a: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123\
            acd3a729901d1a71874700133107ec50",
    b: "7f519eada7bda81bd826dba647910f8c4b9346ed8ccdc64e4b1abd11756dce1d\
            2074aa263b88805ced70355a33b471ee",
    q: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7\
            cf3ab6af6b7fc3103b883202e9046565",
    x: "18de98b02db9a306f2afcd7235f72a819b80ab12ebd653172476fecd462aabff\
            c4ff191b946a5f54d8d0aa2f418808cc",
    y: "25ab056962d30651a114afd2755ad336747f93475b7a1fca3b88f2b6a208ccfe\
            469408584dc2b2912675bf5b9e582928",
    cofactor: 1,
});

/// RFC 5639, 3.7: brainpoolP512r1.
pub(crate) static P512_R1: Domain<{ U512::LIMBS }> = Domain::new(&Printed {
    p: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330871\
            7d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
    a: "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc\
            2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
    b: "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a7\
            2bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
    q: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870\
            553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
    x: "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098e\
            ff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
    y: "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111\
            b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
    cofactor: 1,
});

/// RFC 5639, 3.7: brainpoolP512t1.
pub(crate) static P512_T1: Domain<{ U512::LIMBS }> = Domain::new(&Printed {
    p: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330871\
            7d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
    a: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330871\
            7d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f0",
    b: "7cbbbcf9441cfab76e1890e46884eae321f70c0bcb4981527897504bec3e36a6\
            2bcdfa2304976540f6450085f2dae145c22553b465763689180ea2571867423e",
    q: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870\
            553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
    x: "640ece5c12788717b9c1ba06cbc2a6feba85842458c56dde9db1758d39c0313d\
            82ba51735cdb3ea499aa77a7d6943a64f7a3f25fe26f06b51baa2696fa9035da",
    y: "5b534bd595f5af0fa2c892376c84ace1bb4e3019b71634c01131159cae03cee9\
            d9932184beef216bd71df2dadf86a627306ecff96dbb8bace198b61e00f8b332",
    cofactor: 1,
});
