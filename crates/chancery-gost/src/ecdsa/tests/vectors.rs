//! Keys, digests and values.

use super::{Curve, Vector};

/// Keys and values that OpenSSL 3.0.19 made over digests of one message.
pub(super) const VECTORS: [Vector; 12] = [
    Vector {
        curve: Curve::BrainpoolP256t1,
        digest: "87d776cd67b4ff50fd2e3f8342cfa0d8392c032a1ebab9405af802c5e868dc4a",
        key: "0472d20969f57ef316c0f183f5593556cfcc3bf022bd14b4532758674f8ab6b8\
              c08f64a598d6045019d799158729ee6fc0593b5fce4464540e88a7b45fab8f82\
              07",
        short: "0372d20969f57ef316c0f183f5593556cfcc3bf022bd14b4532758674f8ab6b8\
                c0",
        value: "88fc2482fafeb8517e73ff22119d09e583d7af90a106332ec9651aee2e4c68df\
                a2ba9e32fae0be2ecf10fc025cf2812dded7475d0c1fb682b7552f7bd62882ed",
    },
    Vector {
        curve: Curve::BrainpoolP256t1,
        digest: "5912616e5d732af1476ace323385a370935b31b8cf8de82fa54be72a45635f13\
                 fba42b8f53e36fd5cd6f806390ed4a9e",
        key: "044ce970ad34e6bbf8e39a3ea195a58053ea593ecaf7840c9ff423ead0c60ec1\
              1d8171e30dc003490bf865502512a40a528ae59d3a7c09dd22cf5e6db2d53f74\
              b0",
        short: "024ce970ad34e6bbf8e39a3ea195a58053ea593ecaf7840c9ff423ead0c60ec1\
                1d",
        value: "1ecfb171e3845e233c02ea1f2aefecf13b612fbefe1a105841ea7e0cff6f2ed7\
                1be45fcb24d1ff15aa907e28b0f6225364cd6c48ecee5fc5caf1f60a9b48f5c5",
    },
    Vector {
        curve: Curve::BrainpoolP256t1,
        digest: "13768a23e6ff6a851568f530e306017be304ef762e1bb7b910b62ff6f81a6c0b\
                 c727420a17da8f6cc7ae9ff10b08cb16717a7b30ea128fe6eb9971c3cb1af42b",
        key: "048a9500826287855fcc73e0eb2fe0d7f38160b8feff0e2a851fa6d8e920a8aa\
              85406a0d7938c75095cb0ca3483cb774115ffd4d88891220c9cf18950525f0e8\
              6a",
        short: "028a9500826287855fcc73e0eb2fe0d7f38160b8feff0e2a851fa6d8e920a8aa\
                85",
        value: "30ce47f35df8bfb9d203680e3978150a5ba501b3289c201df667000c834abbc8\
                2f7db3a5c4e82fc817d737afd98403ae57aaa592592bdc656002d9d8c2fde539",
    },
    Vector {
        curve: Curve::BrainpoolP384t1,
        digest: "87d776cd67b4ff50fd2e3f8342cfa0d8392c032a1ebab9405af802c5e868dc4a",
        key: "0400b78fe8e555ae363ea774841d93b2530cb842de21ca8850da5a155a006bcd\
              577225dcdc0785740448c4d39ce2c8559c2b764fad0d4fdf3c7e1155e2238f0d\
              97eb14638be60c2abb981196732aae2464ceb9f3691b9c4d8f81bbd50dd8549a\
              ae",
        short: "0200b78fe8e555ae363ea774841d93b2530cb842de21ca8850da5a155a006bcd\
                577225dcdc0785740448c4d39ce2c8559c",
        value: "5ecfb930a910d38c513c28ef5785fe81eeaccd96a3700ae447380e1143d0f6b6\
                2fc9520eb20a6fc6f2b82f9d9f6aa9b53bcef23ab2c81ac4531037c81ab34764\
                f001ddb1aac31a729e1174ba9fef9be16677fabdcb8c4f40b02e4518d7c3fc61",
    },
    Vector {
        curve: Curve::BrainpoolP384t1,
        digest: "5912616e5d732af1476ace323385a370935b31b8cf8de82fa54be72a45635f13\
                 fba42b8f53e36fd5cd6f806390ed4a9e",
        key: "042cfffa389b1dc6cd6178e48a799efb8ac7e05d49876bb037f4ef6a0c7b2c1d\
              c5164c38b5e077bf7f497725b48200188e621c955c31cef97fa52f023e25d1ba\
              eea1d41a06ebb23eece8f2d05b1f8a3e3ace60b2cca1ea3bb73bc6191605d8f2\
              4e",
        short: "022cfffa389b1dc6cd6178e48a799efb8ac7e05d49876bb037f4ef6a0c7b2c1d\
                c5164c38b5e077bf7f497725b48200188e",
        value: "2dc8d60788f9779d6b97449278df5b19a11193e31f7008cdaa4fe581759dcf89\
                ebbd64b4e2a46b31385cb1f7d388ddf45921db326bde99e2cc9be27646c3150b\
                ca1bf74e47dc97af85a036065ce68d112caf8f035b3c1fcfdcac5f0b164eca0d",
    },
    Vector {
        curve: Curve::BrainpoolP384t1,
        digest: "13768a23e6ff6a851568f530e306017be304ef762e1bb7b910b62ff6f81a6c0b\
                 c727420a17da8f6cc7ae9ff10b08cb16717a7b30ea128fe6eb9971c3cb1af42b",
        key: "0430383023501783c9f0b30c2da9904b2218575cfd2dd5eb55385efef6f3ee26\
              c4b28d249f623c3e8ded9b8cddf57cf3f550415672b6c307679210d58bb158a0\
              c95328464ff49268402b0d1f5f1d8ead65005cce66be1a129df4b4a3a6b91ec2\
              62",
        short: "0230383023501783c9f0b30c2da9904b2218575cfd2dd5eb55385efef6f3ee26\
                c4b28d249f623c3e8ded9b8cddf57cf3f5",
        value: "08a076c3cc9dbe75f85464860da6daaf5449411f81ca63de4daf47e65ad91d90\
                bceeab5ab1dde566eeb5cd5f87bfd6a1393385b239c0224b809c05dd6aa31fa0\
                d49eca09fb7274d541fb3139aac08c879bc735a511cce9afb746fd7a1a6794e8",
    },
    Vector {
        curve: Curve::BrainpoolP512r1,
        digest: "87d776cd67b4ff50fd2e3f8342cfa0d8392c032a1ebab9405af802c5e868dc4a",
        key: "045496f02251eaee91e0de14274a75fe2b764df270a544c91a56a0c3f7fa925e\
              9bcc5601081a0399a9df64c2a1f7e331a2bf572190422fe9bf23d02d3d18098f\
              f58014fa1380ed3310f4865844577207379e3f67590dd358d29d72bcc766450c\
              f07adc3e2dcc344a26e3bd3d37e45fde6663fb5e9d08033a0ecf0d62df318008\
              af",
        short: "035496f02251eaee91e0de14274a75fe2b764df270a544c91a56a0c3f7fa925e\
                9bcc5601081a0399a9df64c2a1f7e331a2bf572190422fe9bf23d02d3d18098f\
                f5",
        value: "6b981feb73aa0bc65ab1135630b01b5f11493ad00fa37f2fbde9c24e186f638a\
                4977945fb1db0858a9bfca2ed1ec5758b4e3b6409b07e72db443b70c51b92006\
                239e4b6e1c98b5411ab98bb776ede00377795f423b8e6fb435e8c8d7cc79a469\
                341e70522e7c19377c6c1180ed766509065e11d0d30f03eb6fba4be67799b237",
    },
    Vector {
        curve: Curve::BrainpoolP512r1,
        digest: "5912616e5d732af1476ace323385a370935b31b8cf8de82fa54be72a45635f13\
                 fba42b8f53e36fd5cd6f806390ed4a9e",
        key: "047d0076a7d117eee179d7e7077a89969c1cb55c9c95e618aecbe958d6ac66e9\
              76e382266a39cb978545ee0bc4c6256c56d7891956a4b09a7ed3df22547a22ee\
              d25d9f4380f7c20d30aa0a433f37df807ce983a2382351d20f5a4b44e7a8c067\
              e73111f7b973ce3bba7d42dd82aefd5ce40ba23dec1a7865ea461bcc953926a5\
              69",
        short: "037d0076a7d117eee179d7e7077a89969c1cb55c9c95e618aecbe958d6ac66e9\
                76e382266a39cb978545ee0bc4c6256c56d7891956a4b09a7ed3df22547a22ee\
                d2",
        value: "4dda0ade37278697aeac16264908fd563446996483d69bff87c6423a879edfef\
                ba1bbd0d6ae8cda4421d67377d4803426a097619565245a2ba9b18c27e624d31\
                12e064a94e5ac992c21a9e1b104389515e4806c6ad059937d422d44b32ca43d4\
                e470248ec615d6aeb65626ae986a4d4dd6556bd8adeb2dfe5a72172bc346ec59",
    },
    Vector {
        curve: Curve::BrainpoolP512r1,
        digest: "13768a23e6ff6a851568f530e306017be304ef762e1bb7b910b62ff6f81a6c0b\
                 c727420a17da8f6cc7ae9ff10b08cb16717a7b30ea128fe6eb9971c3cb1af42b",
        key: "040044f2cba9f03b342bcf2695ca57c7e796459e6a9a023607e3d5eed20e49e9\
              9f98b345473b9db348eeff45c871cd488482f0fbdd3e881b2f26566b3d0718d9\
              de0713f4cfeaa406e61e5c8af5206d9c69203e300d8cdc87ce16ae862d26e208\
              bc554c5f3bee16f237f68ec14a5d74cb188246b41c2ac96acba8196a3752f2ca\
              98",
        short: "020044f2cba9f03b342bcf2695ca57c7e796459e6a9a023607e3d5eed20e49e9\
                9f98b345473b9db348eeff45c871cd488482f0fbdd3e881b2f26566b3d0718d9\
                de",
        value: "8cd1b08c22d60ccaf2767433eb75c27ba20d07d08e5b328159fc437d98cd449e\
                81e191aa6647dfabfe2a29d39a25c2f1fabfbb36052d0d7d635557ff6d7832b3\
                9d7f09bc34129d047e9f03114bedbfb3467a9d1381f143b8c11ed30440a31a54\
                6b0b4222bead66484a60e12cb183484b2215eb19cef7a46e1033509a2ad52fdc",
    },
    Vector {
        curve: Curve::BrainpoolP512t1,
        digest: "87d776cd67b4ff50fd2e3f8342cfa0d8392c032a1ebab9405af802c5e868dc4a",
        key: "04647f03f65b8ebf54b070a7ddb20d9aba43e510edda449e1b975152fe1aa5f9\
              42c7a42b813341d2413dcf25b9402b1cbe64c1b61f7a0752a3a6201c176e5fca\
              ca46d0113be51710fffbbe972c50c9fa05e8f97f0a815ec0aefe5923b17a0a4e\
              baaf6e2607b80c576d39a216d63cbb8949bd20425dfda4702d9115480cc91f33\
              74",
        short: "02647f03f65b8ebf54b070a7ddb20d9aba43e510edda449e1b975152fe1aa5f9\
                42c7a42b813341d2413dcf25b9402b1cbe64c1b61f7a0752a3a6201c176e5fca\
                ca",
        value: "5c71c121f3ae456526e6db3d3711cf60ab8acddf9bbcc73e0a3717b6de8d6532\
                b0e696de1f65767e84b9ca52a5725b2b43b2061fd51f3a696b3526698ee54d85\
                423f2fde7fce38832e485c9d4b4342f88990d04c71e97e3ee05d8675c8534ea6\
                22b8b09b016a6a734a158cbb49647b4ecbf7925430eef9d4c157b7cb8bb3020e",
    },
    Vector {
        curve: Curve::BrainpoolP512t1,
        digest: "5912616e5d732af1476ace323385a370935b31b8cf8de82fa54be72a45635f13\
                 fba42b8f53e36fd5cd6f806390ed4a9e",
        key: "0435a7c2c6329344ea4e9dd513058e40166f2c6b107488ca8e448f72941f93f7\
              e6f5beade3aec1fb7ce48e25a65b2d5da493b4304ded232fac10b3175dcd2473\
              2906150222584bbf7ec9fbdc1debf794c2031b2533a3b6d4db9a4d190f19b554\
              e1dc82fbbde9a854f0ff2d1f50b2b3a90253a68abd8594d5216ea3aef684cbce\
              13",
        short: "0335a7c2c6329344ea4e9dd513058e40166f2c6b107488ca8e448f72941f93f7\
                e6f5beade3aec1fb7ce48e25a65b2d5da493b4304ded232fac10b3175dcd2473\
                29",
        value: "7a19da53f96a96b2b64916b5d6f0c2da1e01ace9451d646f25495e1be13474c1\
                3ae0636369e56a0d5aad13301f8de4d16682bad5e5b893ea6eb81f1dcf4fe538\
                9e476e2f3709d655009746addef5693788ade06548bc26bda111303b3c9bf8d9\
                f790f10762e703c724a7f2a020916ae3de9f0cb764e0e621f9b688425adfce27",
    },
    Vector {
        curve: Curve::BrainpoolP512t1,
        digest: "13768a23e6ff6a851568f530e306017be304ef762e1bb7b910b62ff6f81a6c0b\
                 c727420a17da8f6cc7ae9ff10b08cb16717a7b30ea128fe6eb9971c3cb1af42b",
        key: "049430a19152ccdb997397322a91a943cc26bc38e2e4dcfe10ba20461334789b\
              6c89f6599e1a40f08486499fdd626cff9733e1d914912a6400908f5800990be8\
              0e9b4fc1b6bafa7f41ddc2ab7744b7301f5562e20c3202e05458b52efc5cf0ba\
              291a32ee60a508d71c1b79588b20c83e6b6587324d71e59a1f24ded57fcf0f29\
              ac",
        short: "029430a19152ccdb997397322a91a943cc26bc38e2e4dcfe10ba20461334789b\
                6c89f6599e1a40f08486499fdd626cff9733e1d914912a6400908f5800990be8\
                0e",
        value: "4680da381a02ac38c8058d93de09fbf43fd5031dabae979a777651c58cf01cd5\
                26659e708045e5f0c92bcda0036517715a323806b068ceeb55242ef714363c7d\
                a080e85adba602a9a1131c4f3f02514a6582185556a01933fc3766880ef99939\
                5f14638b3aedcc82d925ec2cc2b8feba56cf6615db448290ad3023e44543173c",
    },
];
