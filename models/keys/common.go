package keys

import "strings"

// common are the passwords of eight and more characters that are tried first:
// the head of published leak counts, the habits of Chinese users (love by
// number, keyboard walks, a name and 123), and words of this program's trade.
// All lower case; rows of one digit and runs are refused by rule.
var common = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(commonWords) {
		m[w] = true
	}
	return m
}()

const commonWords = `
password password1 password12 password123 passw0rd p@ssw0rd p@ssword pass1234 passwd123 password!
iloveyou iloveyou1 iloveyou2 iloveyou123 sunshine princess football baseball superman batman123 starwars
whatever trustno1 michelle jennifer computer internet samsung1 welcome1 welcome123 letmein1 letmein123 changeme
changeme123 default123 dragon123 monkey123 master123 shadow123 charlie1 liverpool chocolate butterfly
qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwer1234 1234qwer q1w2e3r4 q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t
1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 qazwsxedc qazwsx123 zaq12wsx zxcvbnm1 zxcvbnm123 asdfghjk asdfghjkl
asdf1234 asd12345 asd123456 zxc123456 qwe123456 qweasdzxc qweqweqwe asdasdasd zxczxczxc aptx4869 poiuytrewq
abcd1234 abcd12345 abc12345 abc123456 abcdefgh abcdefg1 abcdefg123 abc123abc 123abc456 a1b2c3d4 a1s2d3f4 aa123456
aaa123456 aaaa1111 a1234567 a12345678 a123456789 a1234567890 a123456a a123123123 1234567a 12345678a 123456789a
1234abcd 123456abc 123456aa 123456qq qq123456 qq123456789 123456qwe qwer123456 w123456789 z123456789 q123456789
s123456789 x123456789 zz123456 xx123456 ww123456 as123456 wang123456 zhang123456 li123456789 liu123456 ma123456
123123123 123123123a 123321123 12344321 11223344 1122334455 112233445566 123654789 147258369 147852369 159357456
741852963 963852741 789456123 987456321 456789123 321654987 12345600 123456780 1234567899 12345678910 123456123456
123456789123 12345678987654321 11112222 12121212 13131313 11110000 00001111 10101010 11221122 12341234 12312312
01234567 0123456789 88886666 66668888 88888866 100200300 110110110 110119120 110120119 119119119 12301230
19491001 20082008 20080808 20200202 19900101 19800101 20000101 20202020 20212021 20222022 20232023 20242024
20252025 20262026
5201314520 520131400 52013145 5201314a a5201314 5201314i 1314520520 13145201 13141314 13145200 520520520 52052052
5211314521 521521521 woaini1314 woaini520 woaini521 woaini123 woaini5201314 woaini1314520 woaiwojia woaiwoziji
woaimama woaibaba woaizhongguo iloveyou1314 iloveyou520 aini1314 aini5201314 1314woaini 5201314woaini wo123456
tiantian nihao123 nihaoma123 zhongguo zhongguo123 china123 beijing2008 wangwang123 xiaoming123 baobao123 laopo1314
laopo520 laogong520 mima1234 mima123456 mima12345678 mimamima wodemima
admin123 admin1234 admin12345 admin123456 admin888 admin8888 adminadmin admin@123 admin@1234 administrator root1234
root123456 rootroot test1234 test123456 testtest user1234 guest123 manager123 system123 huawei123 huawei@123 xiaomi123
huawei12#$ abc@1234 abc@123456 aa123456. a123456. a123456! qwer!@#$ !@#$%^&* 1qaz@wsx !qaz2wsx p@ssw0rd123 pa$$w0rd
jifenchaoshi jifen123 jifen1234 jifen123456 chaoshi123 cunwei123 cunwei123456 cunwei888 cunweihui cun123456
xuanchuan123 xiangcun123 xiangcunzhenxing wenming123 jifenchaoshi123 pointstore pointstore1 pointstore123
`
