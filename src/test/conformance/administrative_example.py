"""The example of the manual, section 5.2.3, with the brackets that its page has lost."""

import sys
from urllib.parse import urljoin

import requests

BASE_URL, ADMIN_USER, ADMIN_PWD = sys.argv[1:4]

session = requests.Session()
response = session.post(
    urljoin(BASE_URL, "/admin/login"),
    {
        "username": ADMIN_USER,
        "password": ADMIN_PWD,
    },
)
assert response.status_code == 200

response = session.get(urljoin(BASE_URL, "/admin/show"))
assert response.status_code == 200
result = response.json()
assert result["result"]["status"] == True
token_list = result["result"]["value"]["data"]
print(f"--> Found {len(token_list)} tokens:")
for token in token_list:
    print(token["LinOtp.TokenSerialnumber"])

response = session.post(
    urljoin(BASE_URL, "/admin/init"),
    {
        "type": "pw",
        "otpkey": "geheim1",
    },
    headers={
        "X-CSRF-TOKEN": session.cookies.get("csrf_access_token"),
    },
)
assert response.status_code == 200
result = response.json()
assert result["result"]["status"] == True
print(f"\n--> Token with serial {result['detail']['serial']} created")
