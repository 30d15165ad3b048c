from flask import Flask, request

app = Flask(__name__)
# REMEDY


@app.before_request
def guard():
    if request.path == "/private" and not request.cookies:
        return "", 401


@app.route("/items", methods=["GET", "PUT"])
@app.route("/private", methods=["GET", "PUT"])
def items():
    return "[]", 200, {"Content-Type": "application/json", "X-Total-Count": "2"}


app.run(host="127.0.0.1", port=@PORT@)
